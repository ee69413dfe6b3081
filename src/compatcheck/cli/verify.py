"""`compatcheck verify`: files compiled and modules imported on real interpreters, held against the report."""

from __future__ import annotations

import argparse
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compatcheck.cli.check import code_of, project_of, report_on
from compatcheck.cli.exits import FINDINGS, UsageMistakes, worst
from compatcheck.cli.options import CODE_ONLY, add_options
from compatcheck.cli.outputs import deliver
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell

if TYPE_CHECKING:
    from types import FrameType

    from compatcheck.cli.parser import Commands, Parser
    from compatcheck.matrix.agreement import Results
    from compatcheck.matrix.interpreters import Interpreter
    from compatcheck.matrix.plan import Plan
    from compatcheck.matrix.proving import Means
    from compatcheck.model.report import Report
    from compatcheck.project import Project

_EXAMPLES = """\
examples:
  compatcheck verify --target 3.8,3.11,3.13
  compatcheck verify --target 3.8 --compile-only --python ~/python3.8/bin/python src

Imports run the project's own code. A module that misses a package which is not installed is skipped.
exit codes: those of check; 1 also where something fails, or report and interpreters disagree; 3 also where there is no
interpreter for a target
"""
_WITHOUT = CODE_ONLY - {"--platform", "--extend-include"} | {"--diff-base", "--statistics", "--show-settings"}


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "verify", "Compile and import on real interpreters; hold the outcome against the report."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
    parser.add_argument("--compile-only", action="store_true", help="import nothing: no code of the project runs")
    add_proving(parser)


def add_proving(parser: Parser) -> None:
    """The options that `verify` and `matrix` share."""
    group = parser.add_argument_group("interpreters (found on PATH, in pyenv's and uv's folders)")
    group.add_argument("--python", metavar="PATH", action="append", default=[], help="use this one; repeatable")
    group.add_argument("--parallel", metavar="N", type=positive, default=os.cpu_count() or 1, help="versions at a time")
    group.add_argument("--import-timeout", metavar="SECONDS", type=positive, default=60, help="for a module (60)")
    add_options(parser, _WITHOUT)


def positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def run(args: argparse.Namespace) -> int:
    from compatcheck.matrix.proving import verified

    if "-" in args.paths:
        raise UsageMistakes(["verify goes with files and folders, not with -"])
    with proof_of(args) as proof:
        means = proof.means(args, step=0)
        return proof.deliver(args, verified(proof.plan, proof.interpreters.values(), means, not args.compile_only))


@dataclass(frozen=True)
class Proof:
    """A project with its report, and the interpreters that are asked about it."""

    project: Project
    report: Report
    plan: Plan
    interpreters: Mapping[str, Interpreter]

    def means(self, args: argparse.Namespace, step: float) -> Means:
        from compatcheck.matrix.masking import Masking
        from compatcheck.matrix.processes import Processes
        from compatcheck.matrix.proving import Means

        environ = dict(os.environ)

        def say(version: str, what: str) -> None:
            if "quiet" not in args:
                tell([f"{version}: {what}"])

        return Means(Processes(), Masking(environ), environ, say, args.import_timeout, step, args.parallel)

    def deliver(self, args: argparse.Namespace, results: Sequence[Results]) -> int:
        """Prints and writes what was asked for; the exit code."""
        from compatcheck.matrix.agreement import disagreements
        from compatcheck.matrix.proving import joined
        from compatcheck.matrix.saying import as_proof

        report = joined(self.report, self.plan, results)
        if deliver(report, args, self.project.cwd, default=None):
            out(as_proof(report, results, self.interpreters))
        failed = any(run.failed for run in report.tests) or disagreements(report, results)
        code = code_of(report, self.project.settings.fail_on, "exit_zero" in args)
        return worst([code, FINDINGS] if failed and "exit_zero" not in args else [code])


@contextmanager
def proof_of(args: argparse.Namespace) -> Iterator[Proof]:
    """Everything before the proof itself. Inside, a request to end is an interrupt, which leaves no process behind."""
    from compatcheck.matrix.interpreters import found
    from compatcheck.matrix.plan import plan_of
    from compatcheck.rulebook import load_rulebook

    args.checks = ["code"]
    project = project_of(args)
    given = _given(args.python)
    report = report_on(project, args)
    plan = plan_of(project, load_rulebook(specs=project.specs()))
    if not plan.versions:
        raise UsageMistakes(["no CPython among the targets: only those can be asked"])
    before = [
        (name, signal.signal(name, _interrupt)) for name in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))
    ]
    try:
        yield Proof(project, report, plan, found(plan.versions, given, os.environ))
    finally:
        for name, handler in reversed(before):
            signal.signal(name, handler)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _given(paths: Sequence[str]) -> list[Interpreter]:
    from compatcheck.matrix.interpreters import asked

    found = [(path, asked(path)) for path in paths]
    if wrong := [f"--python: {path!r} is no CPython that starts" for path, one in found if one is None]:
        raise UsageMistakes(wrong)
    return [one for _, one in found if one is not None]
