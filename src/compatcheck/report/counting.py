"""What findings come to, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from compatcheck.model.report import FileResult, Finding, Report, RuntimeSummary, Summary, Suppressed


def summary_of(
    files: Sequence[FileResult],
    findings: Sequence[Finding],
    targets: Iterable[str],
    extent: tuple[str | None, str | None] = (None, None),
) -> Summary:
    """Counts over a whole run; `extent` is the lowest and highest version that all of it runs on, where known."""
    met = {
        severity: Counter(name for one in findings if one.severity == severity for name in one.fails_on)
        for severity in ("error", "warning")
    }
    by_runtime = {name: RuntimeSummary(met["error"][name], met["warning"][name]) for name in targets}
    return Summary(
        files=len(files),
        bytes=sum(file.bytes for file in files),
        findings=len(findings),
        by_severity=dict(Counter(finding.severity for finding in findings)),
        by_rule=dict(sorted(Counter(finding.rule for finding in findings).items())),
        by_runtime=by_runtime,
        compatible=all(runtime.compatible for runtime in by_runtime.values()),
        minimum=extent[0],
        maximum=extent[1],
    )


def errors_of(findings: Iterable[Finding]) -> dict[str, int]:
    """Errors per runtime of one file's findings."""
    return dict(sorted(Counter(name for one in findings if one.severity == "error" for name in one.fails_on).items()))


def with_findings(
    report: Report, findings: Sequence[Finding], silenced: Sequence[Suppressed], more: Iterable[Finding] = ()
) -> Report:
    """The report with other findings, counted anew: `silenced` are the ones that left, `more` come last."""
    found = (*findings, *more)
    by_path: dict[str, list[Finding]] = {}
    for one in found:
        by_path.setdefault(one.path, []).append(one)
    files = tuple(replace(file, errors=errors_of(by_path.get(file.path, ()))) for file in report.files)
    extent = report.summary.minimum, report.summary.maximum
    before = report.summary.by_runtime
    summary = summary_of(files, found, [name for name in before if name in report.run.targets], extent)
    return replace(
        report,
        findings=found,
        suppressed=(*report.suppressed, *silenced),
        files=files,
        summary=replace(summary, by_runtime={**before, **summary.by_runtime}),  # of other versions nobody knows more
    )
