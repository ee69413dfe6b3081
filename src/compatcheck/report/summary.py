"""What a run comes to, in words: the table of targets, the totals, what was silenced or could not be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.model.report import Report
from compatcheck.report.palette import Paint
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

Row = Sequence[str]


def all_passed(report: Report) -> str:
    """The one line of a run without findings, or nothing when there is more to say."""
    if report.findings or report.unreadable:
        return ""
    if not report.files:
        what = "Python files" if "code" in report.run.checks else "files"
        return f"Nothing to check: no {what} in {', '.join(map(harmless, report.run.paths)) or 'these paths'}."
    silenced = "".join(f", {_count(count, 'finding')} {word}" for word, count in _silenced_counts(report))
    where = f" on {phrase(report.run.targets)}" if _depends_on_versions(report) else ""
    return f"All checks passed: {_count(report.summary.files, 'file')}{where}{silenced}."


def _depends_on_versions(report: Report) -> bool:
    """Whether the run asked anything that versions decide."""
    return not set(report.run.checks) <= {"config", "secrets"}


def statistics(report: Report, paint: Paint) -> Iterator[str]:
    """Counts per rule, the most frequent first."""
    counts = sorted(report.summary.by_rule.items(), key=lambda pair: (-pair[1], pair[0]))
    severities = {finding.rule: finding.severity for finding in report.findings}
    for rule, count in counts:
        severity = severities.get(rule, "info")
        yield f"{count:>7}  {paint(f'{severity:<7}', severity)}  {rule}"
    if counts:
        yield ""


def closing(report: Report, view: View, paint: Paint) -> Iterator[str]:
    """Everything after the findings."""
    if view.verbose and report.suppressed:
        yield from _silenced(report, view, paint)
    if report.unreadable:
        yield paint("Not checked:", "error")
        for one in report.unreadable:
            yield f"  {harmless(seen_from(view.cwd, report.run.root, one.path))}: {harmless(one.reason)}"
        if not view.quiet:
            yield ""
    if not view.quiet:
        yield from _targets(report, paint)
        yield paint(_totals(report), "strong")


def _silenced(report: Report, view: View, paint: Paint) -> Iterator[str]:
    yield paint("Silenced:", "strong")
    for one in report.suppressed:
        cell = f", cell {one.finding.cell}, line " if one.finding.cell is not None else ":"
        place = f"{seen_from(view.cwd, report.run.root, one.finding.path)}{cell}{one.finding.line or 1}"
        yield f"  {harmless(place)}: {one.finding.rule} by {harmless(one.by)}"
    yield ""


def _targets(report: Report, paint: Paint) -> Iterator[str]:
    if not report.files or not _depends_on_versions(report):
        return
    rows: list[Row] = [("target", "errors", "warnings", "")]
    for name, counts in report.summary.by_runtime.items():
        rows.append((name, str(counts.errors), str(counts.warnings), "" if counts.errors else "ok"))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        line = f"{row[0]:<{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]}".rstrip()
        yield paint(line, "strong" if row is rows[0] else "good" if row[3] else "error")
    if report.run.all_versions:
        yield f"Runs on {_extent(report.summary.minimum, report.summary.maximum)}."
    yield ""


def _extent(minimum: str | None, maximum: str | None) -> str:
    if minimum is None:
        return "no known version"
    return minimum if maximum in (None, minimum) else f"{minimum}–{maximum}"


def _totals(report: Report) -> str:
    counts = report.summary.by_severity
    found = [_count(counts[severity], severity) for severity in ("error", "warning", "info") if counts.get(severity)]
    concerned = len({finding.path for finding in report.findings})
    text = f"{', '.join(found) or 'No findings'} in {concerned} of {_count(report.summary.files, 'file')}"
    text += "".join(f", {count} {word}" for word, count in _silenced_counts(report))
    if report.unreadable:
        text += f", {len(report.unreadable)} not checked"
    return text + "."


def _silenced_counts(report: Report) -> list[tuple[str, int]]:
    words = {"comment": "silenced", "baseline": "known", "unchanged": "not changed"}
    counts = [(word, sum(one.how == how for one in report.suppressed)) for how, word in words.items()]
    return [(word, count) for word, count in counts if count]


def _count(number: int, noun: str) -> str:
    plural = noun if number == 1 or noun == "info" else f"{noun}s"
    return f"{number:,} {plural}"
