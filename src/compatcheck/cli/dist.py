"""`compatcheck dist`: built wheels and sdists, before they are published."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from compatcheck.cli.check import code_of
from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.outputs import deliver, output_mistakes
from compatcheck.cli.parser import add_command

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands

_EXAMPLES = """\
examples:
  compatcheck dist dist/*
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "dist", "Check built wheels and source distributions.")
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="FILE", nargs="+", help="wheels, sdists, and folders of them")
    parser.add_argument("--format", action="append", default=argparse.SUPPRESS, help="as in `compatcheck check`")
    parser.add_argument("--output", metavar="FILE", default=argparse.SUPPRESS, help="write the report there")
    parser.add_argument("--fail-on", choices=("error", "warning", "info", "never"), default="error", help="severity")


def run(args: argparse.Namespace) -> int:
    from compatcheck.run.dist import ENDINGS, check_distributions

    mistakes, files = output_mistakes(args), list[str]()
    for path in args.paths:
        if os.path.isdir(path):
            files += sorted(os.path.join(path, name) for name in os.listdir(path) if name.endswith(ENDINGS))
        elif not path.endswith(ENDINGS):
            mistakes.append(f"{path!r} is no wheel and no source distribution")
        else:
            files.append(path)
    if not files and not mistakes:
        mistakes.append("there is no wheel and no source distribution")
    if mistakes:
        raise UsageMistakes(mistakes)
    cwd = os.path.realpath(os.getcwd())
    report = check_distributions([os.path.realpath(path) for path in files], cwd)
    deliver(report, args, cwd)
    return code_of(report, args.fail_on, exit_zero=False)
