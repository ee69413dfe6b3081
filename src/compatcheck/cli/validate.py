"""`compatcheck validate`: any JSON, YAML or TOML file against any JSON Schema."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.options import CODE_ONLY, add_options
from compatcheck.cli.parser import add_command

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.project import Project
    from compatcheck.run.subject import ProjectCheck

_EXAMPLES = """\
examples:
  compatcheck validate --schema schema.json settings.yaml settings.toml
  compatcheck validate --batch configs --schema schema.json --format json
  compatcheck validate --schema report report.json

A schema is a file, in JSON or YAML, or the name of one that compatcheck brings along. What it refers to lies below its
own folder, or in the project.
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "validate", "Hold JSON, YAML and TOML files against a JSON Schema.")
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="FILE", nargs="*", help="files to validate")
    parser.add_argument(
        "--schema", metavar="S", required=True, help="a schema file, or the name of one that is shipped"
    )
    parser.add_argument("--batch", metavar="DIR", default=argparse.SUPPRESS, help="every such file below this folder")
    parser.add_argument("--allow-download", action="store_true", help="fetch schemas that the schema refers to")
    add_options(parser, without=CODE_ONLY)


def run(args: argparse.Namespace) -> int:
    from compatcheck.cli.check import run_checks
    from compatcheck.run.validate import BadSchema

    batch = getattr(args, "batch", None)
    if not args.paths and batch is None:
        raise UsageMistakes(["give files to validate, or --batch DIR"])
    if "-" in args.paths:
        raise UsageMistakes(["validate reads no standard input: give files"])
    files = tuple(args.paths)
    args.paths = [*args.paths, *([batch] if batch is not None else [])]
    try:
        return run_checks(args, only=partial(_checks, args.schema, files, args.allow_download))
    except BadSchema as error:
        raise UsageMistakes([f"--schema: {args.schema}: {error}"]) from error


def _checks(schema: str, files: tuple[str, ...], download: bool, project: Project) -> list[ProjectCheck]:
    from compatcheck.run.validate import validation

    return [validation(project, schema, files, download=download)]
