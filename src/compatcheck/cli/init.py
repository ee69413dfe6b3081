"""`compatcheck init`: settings, a pre-commit hook and a CI job for a project, after asking."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import PASSED, UsageMistakes
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell, write_bytes

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.run.starting import Proposal


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "init", "Propose settings, a pre-commit hook and a CI job, and write them if wanted."
    )
    parser.add_argument("folder", metavar="DIR", nargs="?", default=".", help="the project's folder (default: .)")
    parser.add_argument(
        "--target", metavar="SPEC", help="where it must run; default: what the project says, or its code"
    )
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument("--dry-run", action="store_true", help="show what would be written, and write nothing")


def run(args: argparse.Namespace) -> int:
    if not os.path.isdir(args.folder):
        raise UsageMistakes([f"there is no folder {args.folder!r}"])
    if not (args.yes or args.dry_run or sys.stdin.isatty()):
        raise UsageMistakes(["init asks before it writes, and nobody can answer here: --yes or --dry-run"])
    root = os.path.realpath(args.folder)
    for proposal in _proposals(args, root):
        _settle(proposal, Path(root), args)
    return PASSED


def _proposals(args: argparse.Namespace, root: str) -> list[Proposal]:
    from compatcheck.project import BadSettings, open_project
    from compatcheck.rulebook import load_rulebook
    from compatcheck.run.starting import proposals

    try:
        project = open_project([root], {"target": [args.target]} if args.target else {}, root=root)
        for spec in project.settings.targets:
            load_rulebook(specs=project.specs()).runtimes.parse(spec)
        return list(proposals(project))
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error
    except ValueError as error:
        raise UsageMistakes([str(error)]) from error


def _settle(proposal: Proposal, root: Path, args: argparse.Namespace) -> None:
    from compatcheck.report.terminal import harmless

    if proposal.after is None:
        tell([f"{proposal.path} stays: {proposal.note}"])
        return
    before, after = ((text or "").splitlines(keepends=True) for text in (proposal.before, proposal.after))
    lines = difflib.unified_diff(
        before, after, "/dev/null" if proposal.before is None else proposal.path, proposal.path
    )
    out("".join(f"{harmless(line.rstrip())}\n" for line in lines))
    if args.dry_run or not (args.yes or _wanted(proposal.path)):
        return
    path = root / proposal.path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(Path(os.path.realpath(path)), proposal.after.encode("utf-8", "surrogateescape"))
    except OSError as error:
        raise UsageMistakes([f"{proposal.path} cannot be written: {error.strerror}"]) from error
    tell([f"{proposal.path} written"])


def _wanted(path: str) -> bool:
    out(f"Write {path}? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")
