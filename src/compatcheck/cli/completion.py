"""`compatcheck completion SHELL`: a script made from the real parser, so that it knows what the parser knows."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from compatcheck.cli.exits import PASSED
from compatcheck.cli.options import add_options
from compatcheck.cli.parser import add_command, full_parser
from compatcheck.cli.streams import out
from compatcheck.report import FORMATS

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands

_VALUES = {"format": tuple(FORMATS), "fail_on": ("error", "warning", "info", "never")}
_HOW = """\
bash:  compatcheck completion bash > ~/.local/share/bash-completion/completions/compatcheck
zsh:   compatcheck completion zsh > ~/.zfunc/_compatcheck
fish:  compatcheck completion fish > ~/.config/fish/completions/compatcheck.fish
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "completion", "Print a completion script for a shell.")
    parser.add_argument("shell", choices=("bash", "zsh", "tcsh", "fish"), help="bash, zsh, tcsh or fish")
    parser.epilog = _HOW


def run(args: argparse.Namespace) -> int:
    import shtab

    parser = full_parser()
    add_options(parser)  # those of the default command
    commands = next(action.choices for action in parser._actions if isinstance(action.choices, dict))
    for one in (parser, *commands.values()):
        _hinted(one, shtab.FILE)
    out(shtab.complete(parser, args.shell))
    return PASSED


def _hinted(parser: argparse.ArgumentParser, files: object) -> None:
    """What the values of options and arguments may be, where argparse does not know it."""
    for action in parser._actions:
        if action.metavar in ("PATH", "FILE"):
            action.complete = files  # type: ignore[attr-defined]  # how shtab asks for it
        elif action.dest in _VALUES and action.choices is None:
            action.choices = _VALUES[action.dest]
