"""`compatcheck config`: anvil.yaml with the app around it, and deployment files."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.nearest import hint
from compatcheck.cli.options import CODE_ONLY, add_options
from compatcheck.cli.parser import add_command

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.project import Project
    from compatcheck.run.subject import ProjectCheck

_EXAMPLES = """\
examples:
  compatcheck config
  compatcheck config --format json anvil.yaml
  compatcheck config --schema deployment deploy/shop.yaml
"""
_DIALECTS = ("anvil", "deployment")


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "config", "Check anvil.yaml and the app around it, and deployment files.")
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files, and folders to look for them (default: .)")
    parser.add_argument(
        "--schema",
        metavar="NAME",
        default=argparse.SUPPRESS,
        help="anvil or deployment: which of the two files it is, whatever its keys say",
    )
    add_options(parser, without=CODE_ONLY)


def run(args: argparse.Namespace) -> int:
    from compatcheck.cli.check import run_checks

    schema = getattr(args, "schema", None)
    mistakes = ["config reads no standard input: give files or folders"] if "-" in args.paths else []
    if schema not in (None, *_DIALECTS):
        more = "other schemas go with `compatcheck validate`"
        mistakes.append(f"--schema: unknown name {schema!r}{hint(schema, _DIALECTS, more)}")
    if mistakes:
        raise UsageMistakes(mistakes)
    return run_checks(args, only=partial(_checks, schema))


def _checks(schema: str | None, project: Project) -> list[ProjectCheck]:
    from compatcheck.run.config import named_check

    return [named_check(project, schema)]
