"""Markdown for job summaries and comments; everything from checked files is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.model.report import Finding, Report
from compatcheck.report.ranking import most_important_first
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

# A summary of GitHub may hold 1 MiB.
_MOST_ROWS = 1_000
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&@:-])")


def as_markdown(report: Report, _view: View | None = None, /) -> str:
    """Headline, table of targets, findings by importance, and what could not be checked."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    summary = report.summary
    broken = [name for name, counts in summary.by_runtime.items() if not counts.compatible]
    files = f"{summary.files} {'file' if summary.files == 1 else 'files'}"
    yield f"## compatcheck: {'fails on ' + phrase(broken) if broken else 'all checks passed'}"
    yield ""
    yield f"{files} on {phrase(tuple(summary.by_runtime))}."
    yield from ("", "| target | errors | warnings |", "|---|---:|---:|")
    for name, counts in summary.by_runtime.items():
        yield f"| {name} | {counts.errors} | {counts.warnings} |"
    if report.findings:
        yield from ("", "| place | severity | fails on | what |", "|---|---|---|---|")
        yield from map(_row, most_important_first(report.findings)[:_MOST_ROWS])
        if (more := len(report.findings) - _MOST_ROWS) > 0:
            yield from ("", f"{more} more findings are in the JSON report.")
    if report.unreadable:
        yield from ("", "Not checked:", "")
        yield from (f"- {escaped(one.path)}: {escaped(one.reason)}" for one in report.unreadable)


def _row(one: Finding) -> str:
    place = f"{escaped(one.path)}:{one.line}" if one.line else escaped(one.path)
    advice = f" {escaped(one.instead)}" if one.instead else ""
    what = f"{escaped(one.message)} ({escaped(one.rule)}).{advice}"
    return f"| {place} | {one.severity} | {phrase(one.fails_on)} | {what} |"


def escaped(text: str) -> str:
    """The text as Markdown that shows it and does nothing else."""
    return _ACTIVE.sub(r"\\\1", harmless(text)).replace("\n", " ")
