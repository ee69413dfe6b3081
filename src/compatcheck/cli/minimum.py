"""`compatcheck minimum`: the lowest and highest Python that code runs on, and what blocks the next one."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from compatcheck.cli.exits import FINDINGS, INCOMPLETE, PASSED, UsageMistakes
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.model.report import Finding, Report
    from compatcheck.project import Project

_MOST_LINES = 20


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "minimum", "The lowest and highest Python that code runs on, and what blocks more.")
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or json (default: text)")
    parser.add_argument("--no-cache", action="store_true", help="neither read nor write .compatcheck_cache")


def run(args: argparse.Namespace) -> int:
    project, report = _checked(args)
    blockers = blockers_of(report)
    out(_json(report, blockers) if args.format == "json" else _text(project, report, blockers))
    tell(f"{harmless(one.path)}: {harmless(one.reason)}" for one in report.unreadable)
    if report.unreadable:
        return INCOMPLETE
    return PASSED if report.summary.minimum else FINDINGS


def _checked(args: argparse.Namespace) -> tuple[Project, Report]:
    from compatcheck.project import BadSettings, open_project
    from compatcheck.run import check

    try:
        project = open_project(
            args.paths, {"target": ["3.0+"], "all_versions": True, "cache": not args.no_cache, "per_file_targets": {}}
        )
        return project, check(project)
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error


def blockers_of(report: Report) -> dict[str, list[Finding]]:
    """The errors on the version just below the range on which everything runs, and on the one just above it."""
    versions = list(report.summary.by_runtime)
    if report.summary.minimum is None or report.summary.maximum is None:
        fewest = min(versions, key=lambda name: (report.summary.by_runtime[name].errors, -versions.index(name)))
        wanted = [fewest]
    else:
        low, high = versions.index(report.summary.minimum), versions.index(report.summary.maximum)
        wanted = versions[max(low - 1, 0) : low] + versions[high + 1 : high + 2]
    errors = [finding for finding in report.findings if finding.severity == "error"]
    return {version: [finding for finding in errors if version in finding.fails_on] for version in wanted}


def _text(project: Project, report: Report, blockers: dict[str, list[Finding]]) -> str:
    summary = report.summary
    if summary.minimum is None:
        lines = ["Runs on no Python 3 as a whole."]
    elif summary.minimum == summary.maximum:
        lines = [f"Runs on Python {summary.minimum} only."]
    else:
        lines = [f"Runs on Python {summary.minimum}–{summary.maximum}."]
    for version, findings in blockers.items():
        count = len(findings)
        lines += ["", f"{count} {'line blocks' if count == 1 else 'lines block'} Python {version}:"]
        for finding in findings[:_MOST_LINES]:
            path = harmless(seen_from(project.cwd, project.root, finding.path))
            lines.append(f"  {path}:{finding.line}:{finding.column} {harmless(finding.message)} [{finding.rule}]")
        if count > _MOST_LINES:
            lines.append(f"  and {count - _MOST_LINES} more")
    return "".join(f"{line}\n" for line in lines)


def _json(report: Report, blockers: dict[str, list[Finding]]) -> str:
    data = {
        "minimum": report.summary.minimum,
        "maximum": report.summary.maximum,
        "blockers": {
            version: [
                {"path": one.path, "line": one.line, "column": one.column, "rule": one.rule, "message": one.message}
                for one in findings
            ]
            for version, findings in blockers.items()
        },
    }
    return json.dumps(data, indent=2) + "\n"
