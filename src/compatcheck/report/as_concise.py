"""One line a finding: for editors, grep and people in a hurry."""

from __future__ import annotations

from compatcheck.model.report import Report
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.view import View


def as_concise(report: Report, view: View | None = None, /) -> str:
    """`path:line:column: severity: message (fails on 3.7) [rule]`; files that could not be checked last."""
    cwd = view.cwd if view else None
    root = report.run.root
    lines = [
        f"{seen_from(cwd, root, one.path)}:{one.line or 1}:{one.column or 1}: {one.severity}: {one.message} "
        f"(fails on {phrase(one.fails_on)}) [{one.rule}]"
        for one in report.findings
    ]
    lines += [f"{seen_from(cwd, root, one.path)}:1:1: unreadable: {one.reason}" for one in report.unreadable]
    return "".join(f"{harmless(line)}\n" for line in lines)
