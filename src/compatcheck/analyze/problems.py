"""Hits of rules to problems: works-sets against the scope, messages, places and excerpts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property, reduce
from operator import or_

from compatcheck.analyze.decode import Undecodable
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.parser import Blocker
from compatcheck.analyze.places import Places
from compatcheck.analyze.reach.slips import Slip
from compatcheck.analyze.syntax.place import Hit
from compatcheck.analyze.tree import enclosing
from compatcheck.model.problems import Problem, Span
from compatcheck.model.rules import SEVERITIES, Rulebook, SyntaxRule, Variant
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.stdlib import Fact

_KINDS = {
    "module": "module",
    "method": "method",
    "operator": "method",
    "parameter": "parameter",
    "subscript": "annotation",
    "literal": "literal",
}


class ProblemMaker:
    """Makes the problems of one text for the runtimes of a scope."""

    def __init__(self, rulebook: Rulebook, scope: RuntimeSet, code: bytes) -> None:
        self._rulebook = rulebook
        self._scope = scope
        self._code = code

    @cached_property
    def places(self) -> Places:
        return Places(self._code)

    def from_hit(self, rule: SyntaxRule, hit: Hit) -> Problem | None:
        """The problem of a hit, or None when it works on the whole scope."""
        variant = rule.variants[hit.variant]
        if self._scope <= variant.clean:
            return None
        span = self.places.span(hit.start, hit.end)
        message = variant.message.format(**hit.values) if hit.values else variant.message
        tolerated = self._scope <= variant.works
        return Problem(
            rule=rule.id,
            kind="syntax",
            severity="warning" if tolerated else variant.severity,
            confidence=variant.confidence,
            message=self._on_platforms(rule, variant) or message,
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=variant.clean if tolerated else variant.works,
            reach=self._scope,
            instead=rule.instead,
            evidence=(f"{self._names(self._scope & variant.tolerated)} takes it, no CPython does",) * tolerated,
        )

    def _on_platforms(self, rule: SyntaxRule, variant: Variant) -> str | None:
        """What to say where the CPythons whose language is spoken take the construct, and only platforms do not."""
        fails = self._scope - variant.works
        if not fails or self._rulebook.runtimes.spoken(fails) - variant.works:
            return None
        return f"refused by {self._names(fails)}: {rule.title[0].lower()}{rule.title[1:]}"

    def _names(self, runtimes: RuntimeSet) -> str:
        return self._rulebook.runtimes.phrase(runtimes)

    def from_use(self, use: Use, reach: RuntimeSet, evidence: tuple[str, ...] = ()) -> Problem:
        """The problem of a symbol that some of the runtimes which reach it do not have."""
        fact = use.fact
        if use.deprecated:
            return self._deprecated(use, reach, evidence)
        if lacking := self._lacking(use, reach):
            return lacking
        if use.system is not None:
            return self._on_system(use, reach, evidence)
        works = fact.works | self._backported(fact)
        partly = reach <= works  # only early micro releases lack it
        if partly:
            works = fact.works
        span = self.places.span(use.node.start_byte, use.node.end_byte)
        certain = use.meaning.confidence == "certain" and fact.confirmed
        fails = self._rulebook.runtimes.spoken(reach - works)
        gained = bool(fails.bits & ((works.bits & -works.bits) - 1)) or not works
        kind = _KINDS.get(fact.kind, "name")
        return Problem(
            rule=f"{'missing' if gained else 'removed'}-{kind}",
            kind=kind,
            severity="info" if use.guess else "warning" if partly or use.meaning.confidence == "possible" else "error",
            confidence="possible"
            if use.guess
            else "certain"
            if certain
            else "possible"
            if use.meaning.confidence == "possible"
            else "likely",
            message=self._since_micro(fact, reach) if partly else self._needs(fact, gained),
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=works,
            reach=reach,
            symbol=fact.symbol,
            instead=fact.instead or (f"Backport: {fact.backport}." if fact.backport else None),
            evidence=evidence,
            micro=tuple((name, int(first.rpartition(".")[2])) for name, first in fact.micro.items()) if partly else (),
        )

    def _on_system(self, use: Use, reach: RuntimeSet, evidence: tuple[str, ...]) -> Problem:
        """The problem of a symbol that a system lacks, whatever the version."""
        fact = use.fact
        span = self.places.span(use.node.start_byte, use.node.end_byte)
        return Problem(
            rule="missing-on-system",
            kind=_KINDS.get(fact.kind, "name"),
            severity="warning" if use.meaning.confidence == "possible" else "error",
            confidence=use.meaning.confidence,
            message=self._rulebook.texts["missing-on-system"].message.format(symbol=fact.symbol, system=use.system),
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=NO_RUNTIMES,
            reach=reach,
            symbol=fact.symbol,
            instead=self._rulebook.texts["missing-on-system"].instead,
            evidence=evidence,
        )

    def _lacking(self, use: Use, reach: RuntimeSet) -> Problem | None:
        """The problem of a symbol that only platforms lack, or have otherwise, against their Python."""
        fact = use.fact
        fails = reach if use.differs else reach - fact.works
        lacks = [lack for lack in fact.lacks if lack.on & fails and lack.differs == use.differs]
        if not lacks or fails - reduce(or_, (lack.on for lack in lacks)):
            return None
        kind = "behaviour" if use.differs else "module" if fact.kind == "module" else "name"
        local = enclosing(use.node, "function_definition", "lambda") is not None
        levels = [lack.nearby if local else lack.severity for lack in lacks]
        possible = use.meaning.confidence == "possible"
        span = self.places.span(use.node.start_byte, use.node.end_byte)
        text = self._rulebook.texts[f"platform-{kind}"]
        return Problem(
            rule=f"platform-{kind}",
            kind="platform",
            severity="warning" if possible and "error" in levels else min(levels, key=SEVERITIES.index),
            confidence="possible" if possible else "certain" if "error" in levels else "likely",
            message=text.message.format(symbol=fact.symbol, platform=self._names(fails)),
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=fact.works - fails,
            reach=reach,
            symbol=fact.symbol,
            instead=next((lack.instead for lack in lacks if lack.instead), None),
            evidence=tuple(dict.fromkeys(f"{self._names(lack.on)}: {lack.how}" for lack in lacks if lack.how)),
        )

    def from_slip(self, slip: Slip) -> Problem:
        """The problem of a bug inside a guard."""
        span = self.places.span(slip.node.start_byte, slip.node.end_byte)
        text = self._rulebook.texts[slip.rule]
        return Problem(
            rule=slip.rule,
            kind="guard",
            severity=slip.severity,
            confidence="certain" if slip.severity == "error" else "likely",
            message=text.message.format(**slip.values),
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=self._scope - slip.on,
            reach=slip.on,
            instead=text.instead,
        )

    def _backported(self, fact: Fact) -> RuntimeSet:
        """Versions of which a later micro release has the symbol."""
        found = NO_RUNTIMES
        for version in fact.micro:
            found |= self._rulebook.runtimes.between(version, version)
        return found

    def _since_micro(self, fact: Fact, reach: RuntimeSet) -> str:
        names = self._rulebook.runtimes.names(reach - fact.works)
        return f"`{fact.symbol}` came to Python {' and '.join(fact.micro[n] for n in names if n in fact.micro)} only"

    def _deprecated(self, use: Use, reach: RuntimeSet, evidence: tuple[str, ...]) -> Problem:
        """A warning about a symbol that works wherever it is reached, and will be gone."""
        fact, runtimes = use.fact, self._rulebook.runtimes
        span = self.places.span(use.node.start_byte, use.node.end_byte)
        known = runtimes.names(runtimes.cpython3)
        last = next((name for name in reversed(known) if fact.works & runtimes.between(name, name)), known[-1])
        gone = fact.removal or known[min(known.index(last) + 1, len(known) - 1)]
        return Problem(
            rule="deprecated-name",
            kind=_KINDS.get(fact.kind, "name"),
            severity="warning",
            confidence="certain" if use.meaning.confidence == "certain" else "likely",
            message=self._rulebook.texts["deprecated-name"].message.format(
                symbol=fact.symbol, deprecated=fact.deprecated, removal=f"; Python {gone} does not have it"
            ),
            span=span,
            excerpt=self.places.excerpt(span.line),
            works=fact.works - reach,
            reach=reach,
            symbol=fact.symbol,
            instead=fact.instead or (f"Backport: {fact.backport}." if fact.backport else None),
            evidence=evidence,
        )

    def _needs(self, fact: Fact, gained: bool) -> str:
        """Both ends in one sentence, where there are two."""
        runtimes = self._rulebook.runtimes
        works = [runtime.name for runtime in runtimes.members(fact.works & runtimes.cpython3)]
        if not works:
            return f"`{fact.symbol}` exists on no Python 3"
        everywhere = runtimes.names(runtimes.cpython3)
        if works[0] != everywhere[0] and works[-1] != everywhere[-1]:
            return f"`{fact.symbol}` exists on Python {runtimes.phrase(fact.works & runtimes.cpython3)} only"
        text = self._rulebook.texts[f"{'missing' if gained else 'removed'}-{_KINDS.get(fact.kind, 'name')}"].message
        last = everywhere.index(works[-1])
        return text.format(
            symbol=fact.symbol.replace("[]", "[…]"), since=works[0], gone=everywhere[min(last + 1, len(everywhere) - 1)]
        )

    def undecodable(self, trouble: Undecodable) -> Problem:
        span = Span(trouble.line, 1, trouble.line, 1)
        return self._everywhere(trouble.rule, trouble.message, span)

    def invalid_syntax(self, blocker: Blocker) -> Problem:
        span = Span(blocker.line, blocker.column, blocker.line, blocker.column + 1)
        return self._everywhere("invalid-syntax", f"invalid syntax: {blocker.message}", span)

    def _everywhere(self, rule: str, message: str, span: Span) -> Problem:
        excerpt = self.places.excerpt(span.line)
        return Problem(rule, "syntax", "error", "certain", message, span, excerpt, NO_RUNTIMES, self._scope)


def united(problems: Iterable[Problem]) -> list[Problem]:
    """The problems of several looks at one text: the same one on all runtimes that reach it in any of them."""
    found: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = problem.rule, problem.message, problem.span
        known = found.get(key)
        found[key] = replace(known, reach=known.reach | problem.reach) if known is not None else problem
    return list(found.values())
