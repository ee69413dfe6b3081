"""`compatcheck baseline`: writes down the findings that are known, so that only new ones are reported."""

from __future__ import annotations

import argparse
import os
import secrets
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import INCOMPLETE, PASSED, UsageMistakes
from compatcheck.cli.options import add_options
from compatcheck.cli.parser import add_command
from compatcheck.cli.progress import Progress
from compatcheck.cli.streams import out, tell, write
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.model.report import Report
    from compatcheck.project import Project
    from compatcheck.run.baseline import Baseline

_ACTIONS = {
    "update": "write down every finding of the code as it is",
    "prune": "only take out entries whose findings are gone",
    "show": "count the entries by rule",
}
_EXAMPLES = """\
examples:
  compatcheck baseline update --target 3.8+ .
  compatcheck check --target 3.8+ --baseline .compatcheck-baseline.json .
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "baseline", "Write down the known findings, which are then not reported again.")
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True)
    for name, about in _ACTIONS.items():
        action = actions.add_parser(name, help=about, description=f"{about.capitalize()}.", allow_abbrev=False)
        action.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
        add_options(action)


def run(args: argparse.Namespace) -> int:
    from compatcheck.project import BadSettings

    try:
        return _run(args)
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error


def _run(args: argparse.Namespace) -> int:
    from compatcheck.cli.check import project_of
    from compatcheck.run.baseline import FILE, Baseline
    from compatcheck.run.known import load

    project = project_of(args)
    location = project.settings.baseline or os.path.join(project.root, FILE)
    exists = args.action != "update" or os.path.lexists(location)
    before = load(location, project) if exists else Baseline(key=secrets.token_hex(16))
    if args.action == "show":
        out(_counts(before))
        return PASSED
    report = _checked(project, args, bytes.fromhex(before.key))
    after = _updated(before, report, prune=args.action == "prune")
    _save(location, after, before, project)
    tell(f"{harmless(one.path)}: {harmless(one.reason)}" for one in report.unreadable)
    return INCOMPLETE if report.unreadable else PASSED


def _checked(project: Project, args: argparse.Namespace, key: bytes) -> Report:
    """All findings, those that the baseline knows included."""
    from compatcheck.run import check

    settings = replace(project.settings, baseline=None)
    with Progress("quiet" not in args) as progress:
        return check(replace(project, scope=replace(project.scope, settings=settings)), progress, key=key)


def _updated(before: Baseline, report: Report, prune: bool) -> Baseline:
    """What this run did not look at stays as it was."""
    from compatcheck.run.baseline import baseline_of, split

    gone = split(report, before).gone
    kept = {entry: count - gone.get(entry, 0) for entry, count in before.entries.items()}
    if prune:
        return replace(before, entries={entry: count for entry, count in kept.items() if count > 0})
    now = baseline_of(report)
    seen = {file.path for file in report.files} | {path for path, _, _ in (*now.entries, *gone)}
    others = {entry: count for entry, count in before.entries.items() if entry[0] not in seen}
    partial = bool(others)
    return replace(
        now,
        key=before.key,
        entries={**others, **now.entries},
        targets=now.targets | before.targets if partial else now.targets,
        checks=now.checks | before.checks if partial else now.checks,
    )


def _save(location: str, after: Baseline, before: Baseline, project: Project) -> None:
    from collections import Counter

    from compatcheck.run.baseline import written

    name = seen_from(project.cwd, "/", location)
    try:
        write(Path(location), written(after))
    except OSError as error:
        raise UsageMistakes([f"baseline: {name!r} cannot be written: {error.strerror}"]) from error
    added = sum((Counter(after.entries) - Counter(before.entries)).values())
    removed = sum((Counter(before.entries) - Counter(after.entries)).values())
    total = sum(after.entries.values())
    out(f"{harmless(name)}: {total} {'finding' if total == 1 else 'findings'}, {added} added, {removed} removed\n")
    out(_counts(after))


def _counts(baseline: Baseline) -> str:
    rows = sorted(baseline.by_rule.items(), key=lambda pair: (-pair[1], pair[0]))
    return "".join(f"{count:>7}  {harmless(rule)}\n" for rule, count in rows)
