"""What stands between the code and each version that it does not run on yet, the nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from compatcheck.model.report import Finding, Report

Side = Literal["lower", "higher", "other"]


@dataclass(frozen=True, slots=True)
class Step:
    """A target on which the code fails, and its errors there. `side` of the range on which it runs; "other": a gap in
    it, a platform, or there is no range.
    """

    version: str
    side: Side
    findings: tuple[Finding, ...]

    @property
    def files(self) -> int:
        return len({one.path for one in self.findings})


def steps(report: Report) -> list[Step]:
    """Down from the range, then up from it, then the others with the fewest errors first."""
    names = list(report.summary.by_runtime)
    low, high = _range(report, names)
    sides: list[tuple[Side, list[str]]] = [
        ("lower", [name for name in reversed(names[:low]) if _is_version(name)]),
        ("higher", [name for name in names[high:] if _is_version(name)]),
    ]
    if low == high:
        sides = []
    named = {name for _, some in sides for name in some}
    rest = sorted(
        (name for name in names if name not in named),
        key=lambda name: (report.summary.by_runtime[name].errors, -names.index(name)),
    )
    found = [(side, name) for side, some in [*sides, ("other", rest)] for name in some]
    errors = _errors(report)
    return [Step(name, side, tuple(errors[name])) for side, name in found if errors.get(name)]


def _errors(report: Report) -> dict[str, list[Finding]]:
    errors: dict[str, list[Finding]] = {}
    for one in report.findings:
        if one.severity == "error":
            for name in one.fails_on:
                errors.setdefault(name, []).append(one)
    return errors


def _range(report: Report, names: list[str]) -> tuple[int, int]:
    """The newest unbroken run of versions that work, as a slice of the names; empty when there is none."""
    high = next((at for at in reversed(range(len(names))) if _works(report, names[at])), -1) + 1
    low = high
    while low > 0 and _works(report, names[low - 1]):
        low -= 1
    return low, high


def _works(report: Report, name: str) -> bool:
    return _is_version(name) and report.summary.by_runtime[name].compatible


def _is_version(name: str) -> bool:
    return name.replace(".", "").isdecimal()
