"""`compatcheck matrix`: the project installed, imported and tested on real interpreters, held against the report."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.parser import add_command
from compatcheck.cli.verify import add_proving, positive, proof_of

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands

_EXAMPLES = """\
examples:
  compatcheck matrix --target 3.8,3.11,3.13 -- pytest
  compatcheck matrix --target 3.8+ --install '.[test]' --format html:matrix.html -- pytest -q tests
  compatcheck matrix --target 3.8,3.13 -- python -m unittest

Each version gets an environment (uv's where uv is installed, else venv's) and a copy of the project, which are gone
afterwards. Installing, importing and testing run the project's own code. pytest writes down its results by itself, other
commands where {junit} or the variable COMPATCHECK_JUNIT says; without results the exit code counts.
exit codes: those of check; 1 also where something fails, or report and interpreters disagree; 3 also where there is no
interpreter for a target
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "matrix", "Install, import and test on real interpreters.")
    parser.epilog = _EXAMPLES
    parser.add_argument("command_line", metavar="COMMAND", nargs="*", help="after --: what to run on each version")
    parser.add_argument("--project", metavar="DIR", default=".", help="the project's folder (default: .)")
    parser.add_argument(
        "--install",
        metavar="WHAT",
        action="append",
        help="instead of the project: a requirement, or '.[extra]'; repeatable",
    )
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=positive,
        default=1800,
        help="for an installation, and for the command (1800)",
    )
    parser.add_argument("--logs", metavar="DIR", help="write what each version's programs print to this folder")
    add_proving(parser)


def run(args: argparse.Namespace) -> int:
    from compatcheck.matrix.trying import Trial, tried

    args.paths = [args.project]
    logs = Path(args.logs) if args.logs else None
    mistakes = [] if os.path.isdir(args.project) else [f"--project: there is no folder {args.project!r}"]
    mistakes += [f"--logs: there is no folder {args.logs!r}"] if logs and not logs.is_dir() else []
    if mistakes:
        raise UsageMistakes(mistakes)
    trial = Trial(args.command_line, args.install, logs)
    with proof_of(args) as proof:
        return proof.deliver(
            args, tried(proof.plan, proof.interpreters.values(), trial, proof.means(args, args.timeout))
        )
