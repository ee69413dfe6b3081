"""The difference of two reports, for people and programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from compatcheck.model.report import Finding
from compatcheck.report.as_json import finding_data
from compatcheck.report.as_markdown import code, escaped
from compatcheck.report.differences import Difference, told
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.wording import place
from compatcheck.report.wording import told as told_of


class _Make(Protocol):
    def __call__(self, found: Difference, /) -> str: ...


def as_text(found: Difference, /) -> str:
    """What is new first."""
    return "".join(f"{harmless(line)}\n" for line in _lines(found))


def _lines(found: Difference) -> Iterator[str]:
    for title, some in (("New:", found.new), ("Fixed:", found.fixed)):
        if some:
            yield title
            yield from (f"  {_at(one)} {one.severity}: {told_of(one)} [{one.rule}]" for one in some)
            yield ""
    for title, pairs in (("Moved:", found.moved), ("Changed:", found.changed)):
        if pairs:
            yield title
            yield from (f"  {_at(before)} → {_at(after)} {told_of(after)} [{after.rule}]" for before, after in pairs)
            yield ""
    if found.gained:
        yield f"Now runs on {phrase(found.gained)}."
    if found.lost:
        yield f"No longer runs on {phrase(found.lost)}."
    yield f"{', '.join(told(found))}, {len(found.kept)} as before."


def _at(one: Finding) -> str:
    where = place(one)
    return f"{one.path}:{where}:" if where else f"{one.path}:"


def as_markdown(found: Difference, /) -> str:
    """A comment for a pull request."""
    return "".join(f"{line}\n" for line in _rows(found))


def _rows(found: Difference) -> Iterator[str]:
    yield f"## compatcheck: {', '.join(told(found))}"
    if found.gained:
        yield from ("", f"Now runs on {phrase(found.gained)}.")
    if found.lost:
        yield from ("", f"**No longer runs on {phrase(found.lost)}.**")
    for title, some in (("New", found.new), ("Fixed", found.fixed)):
        if some:
            yield from ("", f"### {title}", "")
            yield from (
                f"- {code(_at(one))} {one.severity}: {escaped(told_of(one))} ({code(one.rule)})" for one in some
            )
    for title, pairs in (("Moved", found.moved), ("Changed", found.changed)):
        if pairs:
            yield from ("", f"### {title}", "")
            yield from (f"- {code(_at(a))} → {code(_at(b))} {escaped(told_of(b))} ({code(b.rule)})" for a, b in pairs)


def as_json(found: Difference, /) -> str:
    """Findings as in the report."""
    data: dict[str, Any] = {
        "new": [finding_data(one) for one in found.new],
        "fixed": [finding_data(one) for one in found.fixed],
        "moved": [{"before": finding_data(a), "after": finding_data(b)} for a, b in found.moved],
        "changed": [{"before": finding_data(a), "after": finding_data(b)} for a, b in found.changed],
        "kept": len(found.kept),
        "gained": list(found.gained),
        "lost": list(found.lost),
    }
    return json.dumps(data, indent=1) + "\n"


TEXTS: Mapping[str, _Make] = {"text": as_text, "markdown": as_markdown, "json": as_json}
