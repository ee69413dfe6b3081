"""The report for people: findings by file with their source, then what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from compatcheck.model.report import Finding, Report
from compatcheck.report.excerpt import excerpt_of
from compatcheck.report.palette import Paint, paint_for
from compatcheck.report.paths import seen_from
from compatcheck.report.summary import all_passed, closing, statistics
from compatcheck.report.terminal import harmless
from compatcheck.report.view import View
from compatcheck.report.wording import place, verdict

_INDENT = " " * 8
_GUTTER = 7  # cells for the line number before " | "


def as_text(report: Report, view: View | None = None, /) -> str:
    """Quiet: only what was found and what could not be checked. Statistics: counts in place of the findings."""
    view = view or View()
    if passed := all_passed(report):
        return "" if view.quiet else passed + "\n"
    paint = paint_for(view.color)
    lines = list(statistics(report, paint) if view.statistics else _findings(report, view, paint))
    lines += closing(report, view, paint)
    return "".join(f"{line}\n" for line in lines)


def _findings(report: Report, view: View, paint: Paint) -> Iterator[str]:
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(finding.path, []).append(finding)
    for path, findings in by_path.items():
        yield paint(harmless(seen_from(view.cwd, report.run.root, path)), "path")
        for finding in findings:
            yield from _finding(finding, view, paint)
        yield ""


def _finding(finding: Finding, view: View, paint: Paint) -> Iterator[str]:
    severity = paint(finding.severity, finding.severity)
    yield f"  {place(finding) or '-':<6} {severity}: {harmless(finding.message)} {paint(f'[{finding.rule}]', 'rule')}"
    if finding.excerpt and finding.line is not None:
        yield from _source(finding, view, paint)
    if told := verdict(finding):
        doubt = "" if finding.confidence == "certain" else f" ({finding.confidence})"
        yield _INDENT + paint(told + doubt, finding.severity)
    if finding.instead:
        yield _INDENT + paint(f"instead: {harmless(finding.instead)}", "instead")
    if view.verbose:
        yield from (f"{_INDENT}{harmless(line)}" for line in _details(finding))


def _source(finding: Finding, view: View, paint: Paint) -> Iterator[str]:
    one_line = finding.end_line is None or finding.end_line == finding.line
    shown = excerpt_of(
        finding.excerpt or "",
        finding.column or 1,
        finding.end_column if one_line else None,
        view.width - _GUTTER - 3,
    )
    marked = paint(shown.marked, finding.severity) if shown.marked else ""
    yield f"{paint(f'{finding.line:>{_GUTTER}} |', 'gutter')} {shown.before}{marked}{shown.after}".rstrip()
    yield f"{paint(' ' * _GUTTER + ' |', 'gutter')} {paint(shown.caret, finding.severity)}"


def _details(finding: Finding) -> Sequence[str]:
    lines = []
    if finding.symbol:
        lines.append(f"name: {finding.symbol}")
    if verdict(finding):
        lines.append(f"works on: {finding.works_on or 'no Python 3'}")
    if finding.reach is not None:
        lines.append(f"reached on: {finding.reach}")
    return [*lines, *(f"because: {evidence}" for evidence in finding.evidence)]
