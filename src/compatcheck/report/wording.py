"""Sentences about a finding that several formats share."""

from __future__ import annotations

import re

from compatcheck.model.report import Finding
from compatcheck.report.versions import phrase

_VERSIONLESS = frozenset({"secret", "config", "suppression"})
_PEP = re.compile(r"PEP (\d+)")


def verdict(one: Finding) -> str:
    """`fails on 3.7–3.9`; nothing where no version decides."""
    if one.kind in _VERSIONLESS or (one.works_on is None and one.reach is None):
        return ""
    verb = "fails on" if one.severity == "error" else "concerns"
    return f"{verb} {phrase(one.fails_on)}"


def told(one: Finding) -> str:
    """The message, with the versions that it is about."""
    return "; ".join(filter(None, (one.message, verdict(one))))


def place(one: Finding) -> str:
    """`12:5`, `cell 3, 12:5`, or nothing."""
    if one.line is None:
        return ""
    cell = f"cell {one.cell}, " if one.cell is not None else ""
    return f"{cell}{one.line}:{one.column or 1}"


def link(reference: str | None) -> str | None:
    """The page that a rule's reference names."""
    if reference and reference.startswith("https://"):
        return reference
    number = _PEP.search(reference or "")
    return f"https://peps.python.org/pep-{int(number[1]):04}/" if number else None
