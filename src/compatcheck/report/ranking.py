"""Which findings matter most, where a place has room for a few only."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.model.report import Finding
from compatcheck.model.rules import CONFIDENCES, SEVERITIES


def most_important_first(findings: Iterable[Finding]) -> list[Finding]:
    """By severity, confidence, number of runtimes; then by place, so that the order never changes by itself."""
    return sorted(
        findings,
        key=lambda one: (
            SEVERITIES.index(one.severity),
            CONFIDENCES.index(one.confidence),
            -len(one.fails_on),
            one.path,
            one.line or 0,
            one.column or 0,
            one.rule,
        ),
    )
