"""The one sentence that a report comes to."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.model.report import Report
from compatcheck.report.versions import phrase


@dataclass(frozen=True, slots=True)
class Headline:
    """`broken`: it fails on a target. `incomplete`: something could not be checked."""

    text: str
    broken: bool
    incomplete: bool


def headline(report: Report) -> Headline:
    """What works, and what was asked for where that is more."""
    summary = report.summary
    fails = [name for name, counts in summary.by_runtime.items() if not counts.compatible]
    works = [name for name, counts in summary.by_runtime.items() if counts.compatible]
    if not report.files and not report.findings:
        text = "nothing was checked"
    elif not fails:
        text = f"runs on {_known(report) or phrase(works)}"
    elif _known(report):
        text = f"runs on {_known(report)}; you asked for {phrase(report.run.targets)}"
    else:
        text = f"fails on {phrase(fails)}" + (f"; runs on {phrase(works)}" if works else "")
    return Headline(text, bool(fails), bool(report.unreadable) or not report.files)


def _known(report: Report) -> str:
    low, high = report.summary.minimum, report.summary.maximum
    if not low or not high:
        return ""
    return low if low == high else f"{low}–{high}"
