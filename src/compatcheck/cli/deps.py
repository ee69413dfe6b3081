"""`compatcheck deps`: the packages that a project asks for, locks and imports, on every target."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.check import checked, code_of, project_of, report_on
from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.options import add_options
from compatcheck.cli.parser import add_command
from compatcheck.cli.progress import Progress
from compatcheck.cli.streams import out

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.project import Project
    from compatcheck.run.subject import Outside, ProjectCheck

_EXAMPLES = """\
examples:
  compatcheck deps --target 3.9+
  compatcheck deps --target 3.9+ --online --matrix
  compatcheck deps --target 3.9 --resolve
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "deps", "Check the packages that a project asks for, locks and imports.")
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="projects' folders (default: .)")
    group = parser.add_argument_group("where to look (default: lock files and what is installed in .venv)")
    group.add_argument(
        "--find-links", metavar="DIR", action="append", default=[], help="a folder of wheels; repeatable"
    )
    group.add_argument("--online", action="store_true", help="ask the package index that pip is configured to use")
    group.add_argument("--index-url", metavar="URL", help="ask this index instead")
    group.add_argument("--resolve", action="store_true", help="ask uv whether all of it can be had together")
    parser.add_argument("--matrix", action="store_true", help="print packages × versions as a table")
    add_options(parser)


def run(args: argparse.Namespace) -> int:
    _mistakes(args)
    project = project_of(args)
    with Progress("quiet" not in args) as progress:
        outside = _outside(args, progress)
        if not args.matrix:
            return checked(project, args, _checks, outside)
        report = report_on(project, args, _checks, outside)
    from compatcheck.report.matrix import as_matrix

    out(as_matrix(report))
    return code_of(report, project.settings.fail_on, "exit_zero" in args)


def _checks(project: Project) -> list[ProjectCheck]:
    from compatcheck.run import deps
    from compatcheck.run.subject import ProjectCheck

    return [ProjectCheck("deps", deps.facts, deps.check)]


def _mistakes(args: argparse.Namespace) -> None:
    import shutil

    found = [f"--find-links: there is no folder {folder!r}" for folder in args.find_links if not os.path.isdir(folder)]
    if args.resolve and shutil.which("uv") is None:
        found.append("--resolve needs uv: pip install uv")
    if args.index_url and not args.index_url.startswith(("http://", "https://")):
        found.append("--index-url: not an address that begins with https:// or http://")
    if found:
        raise UsageMistakes(found)


def _outside(args: argparse.Namespace, progress: Progress) -> Outside:
    """What the command line lets the run look at; nothing is imported that it does not ask for."""
    from compatcheck.run.subject import Outside

    index = resolve = None
    if args.online or args.index_url:
        from compatcheck.run.outside import index_of

        index = index_of(args.index_url, cache="no_cache" not in args, progress=progress)
    if args.resolve:
        from compatcheck.index import configured
        from compatcheck.run.resolving import resolver

        resolve = resolver(configured(args.index_url, os.environ, Path.home()))
    return Outside(tuple(args.find_links), index, resolve)
