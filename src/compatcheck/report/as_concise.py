"""One line a finding: for editors, grep and people in a hurry."""

from __future__ import annotations

from compatcheck.model.report import Finding, Report
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless
from compatcheck.report.view import View
from compatcheck.report.wording import verdict


def as_concise(report: Report, view: View | None = None, /) -> str:
    """`path:line:column: severity: message (fails on 3.7) [rule]`; files that could not be checked last."""
    cwd = view.cwd if view else None
    root = report.run.root
    lines = [
        f"{seen_from(cwd, root, one.path)}:{_place(one)}: {one.severity}: {one.message}{_verdict(one)} [{one.rule}]"
        for one in report.findings
    ]
    lines += [f"{seen_from(cwd, root, one.path)}:1:1: unreadable: {one.reason}" for one in report.unreadable]
    return "".join(f"{harmless(line)}\n" for line in lines)


def _place(one: Finding) -> str:
    cell = f"cell {one.cell}:" if one.cell is not None else ""
    return f"{cell}{one.line or 1}:{one.column or 1}"


def _verdict(one: Finding) -> str:
    return f" ({verdict(one)})" if verdict(one) else ""
