"""`compatcheck metadata`: every statement of Python versions, held against the others and the code, and made to agree."""

from __future__ import annotations

import argparse
import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.check import checked, project_of
from compatcheck.cli.exits import PASSED, UsageMistakes
from compatcheck.cli.options import add_options
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell, write_bytes

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.project import Project
    from compatcheck.run.metadata_fix import Changed
    from compatcheck.run.subject import ProjectCheck

_EXAMPLES = """\
examples:
  compatcheck metadata
  compatcheck metadata --fix --diff
  compatcheck metadata --set-minimum 3.10
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "metadata", "Hold all statements of Python versions against each other and the code."
    )
    parser.epilog = _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="projects' folders (default: .)")
    fixes = parser.add_argument_group("fixes")
    fixes.add_argument(
        "--fix", action="store_true", help="change the statements that contradict the code or each other"
    )
    fixes.add_argument("--set-minimum", metavar="VERSION", help="make this the oldest supported Python, everywhere")
    fixes.add_argument("--diff", action="store_true", help="show what would change, and change nothing")
    add_options(parser)


def run(args: argparse.Namespace) -> int:
    if args.set_minimum is not None and not re.fullmatch(r"3\.\d{1,2}", args.set_minimum):
        raise UsageMistakes([f"--set-minimum: {args.set_minimum!r} is no version such as 3.10"])
    project = project_of(args)
    if not project.settings.targets:  # what the project states is the question, not the condition
        args.target = ["3.0+"]
        project = project_of(args)
    if args.fix or args.diff or args.set_minimum:
        done = _fixed(project, args)
        if args.diff:
            return PASSED
        tell([f"{done} {'file' if done == 1 else 'files'} changed"])
        project = project_of(args)
    return checked(project, args, _checks)


def _checks(project: Project) -> list[ProjectCheck]:
    from compatcheck.run import metadata
    from compatcheck.run.subject import ProjectCheck

    # With facts: a run that is not about the code itself reads it only for them.
    return [ProjectCheck("metadata", True, metadata.check, metadata.scope)]


def _fixed(project: Project, args: argparse.Namespace) -> int:
    """Writes, or shows, what changes; how many files that are."""
    from compatcheck.project import BadSettings
    from compatcheck.run.metadata_fix import fixed_files

    try:
        changed = fixed_files(project, args.set_minimum)
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error
    except ValueError as error:  # a version that nobody knows
        raise UsageMistakes([f"--set-minimum: {error}"]) from error
    if args.diff:
        out("".join(_diff(changed)))
        return len(changed)
    failed = []
    for each in changed:
        try:
            write_bytes(Path(os.path.realpath(os.path.join(project.root, each.path))), each.data)
        except OSError as error:
            failed.append(f"{each.path} cannot be written: {error.strerror}")
    if failed:
        raise UsageMistakes(failed)
    return len(changed)


def _diff(changed: Sequence[Changed]) -> Sequence[str]:
    from compatcheck.report.terminal import harmless

    lines: list[str] = []
    for each in changed:
        before, after = each.before.splitlines(keepends=True), each.after.splitlines(keepends=True)
        lines += difflib.unified_diff(before, after, f"a/{each.path}", f"b/{each.path}")
    return [harmless(line.rstrip("\r\n")) + "\n" for line in lines]
