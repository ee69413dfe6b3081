"""Findings to changes to a new text, again and again until nothing changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from compatcheck.fix.book import FixBook
from compatcheck.fix.changes import Changes, Distribution, Touched, bodies
from compatcheck.fix.context import Context
from compatcheck.fix.document import Document
from compatcheck.fix.guards import guard
from compatcheck.fix.placing import Layout
from compatcheck.fix.refusal import Later, Refused
from compatcheck.fix.spot import Spot
from compatcheck.model.report import Finding

Check = Callable[[str], Sequence[Finding]]

_MOST_PASSES = 40
NO_FIX = "no fix is known"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A finding that stays, and why."""

    finding: Finding
    reason: str


@dataclass(slots=True)
class Result:
    """The text after all passes, what was fixed (rule ids), what was not, and what the project now needs. `at_first` is
    what the first pass refused: its places are those of the text as it was.
    """

    text: str
    findings: Sequence[Finding]
    fixed: list[str] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    at_first: list[Refusal] = field(default_factory=list)
    needs: set[Distribution] = field(default_factory=set)


class Passes:
    """Fixes texts by their findings; `wants` says which findings are to be fixed."""

    def __init__(self, book: FixBook, context: Context, check: Check, wants: Callable[[Finding], bool]) -> None:
        self._book = book
        self._context = context
        self._check = check
        self._wants = wants

    def run(self, text: str, findings: Sequence[Finding], without: frozenset[str] = frozenset()) -> Result:
        """Passes over a text; rules named in `without` are left alone."""
        result = Result(text, findings)
        seen = {text}
        for count in range(_MOST_PASSES):
            changed = self._once(result, without)
            if not count:
                result.at_first = result.refused
            if changed is None or changed in seen:
                break
            seen.add(changed)
            result.text, result.findings = changed, self._check(changed)
            if self._settled(result, without):
                break
        return result

    def _settled(self, result: Result, without: frozenset[str]) -> bool:
        """Whether all that is left was refused already: then its reasons hold for the new places, too."""
        left = self._wanted(result.findings, without)
        if [_key(one) for one in left] != [_key(one.finding) for one in result.refused]:
            return False
        pairs = zip(left, result.refused, strict=True)
        result.refused = [Refusal(finding, refusal.reason) for finding, refusal in pairs]
        return True

    def _wanted(self, findings: Sequence[Finding], without: frozenset[str]) -> list[Finding]:
        return [one for one in findings if self._wants(one) and one.rule not in without]

    def _once(self, result: Result, without: frozenset[str]) -> str | None:
        """One pass: the new text, or None when nothing changes."""
        result.refused = []
        wanted = self._wanted(result.findings, without)
        if not wanted:
            return None
        try:
            document = Document(result.text)
        except (cst.ParserSyntaxError, RecursionError) as error:
            reason = _unreadable(error)
            result.refused = [Refusal(finding, reason) for finding in wanted]
            return None
        changes, touched = Changes(), Touched(document)
        self._collect(document, wanted, result, changes, touched)
        if not changes:
            return None
        module = Layout(document.module, bodies(document, changes, touched)).module(changes)
        return module.code

    def _collect(
        self, document: Document, wanted: Sequence[Finding], result: Result, changes: Changes, touched: Touched
    ) -> None:
        for finding in wanted:
            spot = Spot(document, finding, wanted, self._context)
            try:
                self._apply(spot)
            except Later:
                pass
            except Refused as refused:
                result.refused.append(Refusal(finding, str(refused)))
                continue
            if spot.changes and touched.free(spot.changes):
                touched.add(spot.changes)
                changes.merge(spot.changes)
                result.fixed.append(finding.rule)
                result.needs |= spot.changes.needs

    def _apply(self, spot: Spot) -> None:
        try:
            self._mend(spot)
        except Refused:
            if not self._context.guard:
                raise
            spot.changes = Changes()
            guard(spot)

    def _mend(self, spot: Spot) -> None:
        finding = spot.finding
        fix = self._book.rules.get(finding.rule)
        if fix is None or fix.apply is None:
            raise Refused((fix.refuse if fix else None) or NO_FIX)
        if not self._context.unsafe and (not fix.safe or finding.confidence == "possible"):
            guess = "only a guess says what this is" if fix.safe else "the fix may change what the code does"
            raise Refused(f"{guess}: --unsafe does it")
        fix.function(spot)


def _key(finding: Finding) -> tuple[str, str | None, str, str | None]:
    return finding.rule, finding.symbol, finding.message, finding.excerpt


def _unreadable(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "the code is nested too deep"
    place = f" (line {error.raw_line})" if isinstance(error, cst.ParserSyntaxError) else ""
    return f"libcst cannot read the file{place}"
