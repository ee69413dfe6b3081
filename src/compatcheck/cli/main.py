"""From arguments to the command and from whatever happens to an exit code; no traceback reaches the user."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import compatcheck
from compatcheck.cli import exits
from compatcheck.cli.argv import command_of
from compatcheck.cli.commands import COMMANDS, DEFAULT, Command
from compatcheck.cli.options import VALUED
from compatcheck.cli.streams import out, tell


def main(argv: Sequence[str] | None = None) -> int:
    """Run compatcheck with these arguments (default: those of the process) and return the exit code."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except exits.UsageMistakes as error:
        tell(f"error: {mistake}" for mistake in error.mistakes)
        return exits.USAGE
    except KeyboardInterrupt:
        tell(["interrupted"])
        return exits.INTERRUPTED
    except SystemExit as error:  # argparse: it has printed what it had to say
        return error.code if isinstance(error.code, int) else exits.USAGE
    except Exception as error:  # the last line of defence: what it hides, its message asks for
        if os.environ.get("COMPATCHECK_TRACEBACK"):
            raise
        tell([_internal(error)])
        return exits.INTERNAL


def _run(argv: list[str]) -> int:
    name, rest = command_of(argv, COMMANDS, VALUED)
    if name is None:
        if "--version" in _options(rest):
            out(f"compatcheck {compatcheck.__version__}\n")
            return exits.PASSED
        if {"-h", "--help"} & set(_options(rest)):
            return _help()
    return _command(COMMANDS[name or DEFAULT], rest)


def _options(argv: list[str]) -> list[str]:
    return argv[: argv.index("--")] if "--" in argv else argv


def _help() -> int:
    from compatcheck.cli.parser import help_text

    out(help_text())
    return exits.PASSED


def _command(command: Command, rest: list[str]) -> int:
    from compatcheck.cli.parser import module_of, parse

    if not command.available:
        raise exits.UsageMistakes(
            [f"{command.name!r} is not available in this version; a folder of that name is ./{command.name}"]
        )
    code: int = module_of(command).run(parse(command, rest))
    return code


def _internal(error: Exception) -> str:
    """One line: what broke, over which file, where in compatcheck; the user is asked to report it."""
    from compatcheck.report.terminal import harmless

    place, trace = "", error.__traceback__
    while trace is not None:
        place, trace = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}", trace.tb_next
    file = getattr(error, "checking", None)
    over, also = (f" while checking {harmless(file)}", ", with that file") if file else ("", "")
    what = harmless(" ".join(f"{type(error).__name__}: {error}".split()))
    return f"internal error{over}: {what} (at {place}); please report this{also}"
