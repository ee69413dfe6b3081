"""What the report says about the rules that fired."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.model.report import Finding, RuleNote
from compatcheck.model.rules import Rulebook


def notes_on(findings: Iterable[Finding], rulebook: Rulebook) -> tuple[RuleNote, ...]:
    """A note on each rule of the findings, by id."""
    kinds = {finding.rule: finding.kind for finding in findings}
    if not kinds:
        return ()
    syntax = {rule.id: rule for rule in rulebook.syntax if rule.id in kinds}
    notes = []
    for name, kind in sorted(kinds.items()):
        if rule := syntax.get(name):
            notes.append(RuleNote(name, kind, rule.title, None, rule.reference))
        elif text := rulebook.texts.get(name):
            notes.append(RuleNote(name, kind, text.title, text.reason, text.reference))
        else:
            notes.append(RuleNote(name, kind, name.replace("-", " ").capitalize()))
    return tuple(notes)
