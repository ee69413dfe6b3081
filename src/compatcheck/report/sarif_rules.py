"""What SARIF says of the rules that fired."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from compatcheck.model.report import Finding, Report, RuleNote
from compatcheck.report.ranking import most_important_first
from compatcheck.report.sarif_results import level_of
from compatcheck.report.wording import link

_LONGEST = 1_024
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_PRECISIONS = {"certain": "very-high", "likely": "high", "possible": "low"}
Data = dict[str, Any]


def rules_of(report: Report, findings: Iterable[Finding]) -> list[Data]:
    """A descriptor for each rule of the findings; the most important finding speaks for it."""
    notes = {note.id: note for note in report.rules}
    by_rule: dict[str, list[Finding]] = {}
    for one in most_important_first(findings):
        by_rule.setdefault(one.rule, []).append(one)
    return [_rule(found, notes.get(name)) for name, found in sorted(by_rule.items())]


def _rule(found: Sequence[Finding], note: RuleNote | None) -> Data:
    first = found[0]
    title = note.title if note else first.rule.replace("-", " ").capitalize()
    url = link(note.reference) if note else None
    weakest = max(found, key=lambda one: [*_PRECISIONS].index(one.confidence))
    properties: Data = {
        "tags": _tags(first),
        "precision": _PRECISIONS[weakest.confidence],
        "problem.severity": _PROBLEMS[first.severity],
    }
    if first.kind == "secret":  # GitHub lists it among the security alerts
        properties["security-severity"] = "8.0"
    return {
        "id": first.rule,
        "name": first.rule,
        "shortDescription": {"text": title[:_LONGEST]},
        "fullDescription": {"text": ((note and note.reason) or first.message)[:_LONGEST]},
        "help": _help(first, note, url),
        **({"helpUri": url} if url else {}),
        "defaultConfiguration": {"level": level_of(first)},
        "properties": properties,
    }


def _tags(one: Finding) -> list[str]:
    return ["security", "secret"] if one.kind == "secret" else ["compatibility", "python", one.kind]


def _help(one: Finding, note: RuleNote | None, url: str | None) -> Data:
    """What to do, in plain text and in Markdown. Rule files wrote all of it, but for the advice of a finding."""
    said = [note and note.reason, one.instead, f"`compatcheck explain {one.rule}` says more."]
    parts = [part for part in said if part]
    plain = [*parts, *([f"See {note.reference}."] if note and note.reference else [])]
    shown = [*parts, *([f"See [{note.reference}]({url})."] if note and url else [])]
    return {"text": "\n".join(plain), "markdown": "\n\n".join(shown)}
