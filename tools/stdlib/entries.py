"""What the rule files must name of all that was decided: differences from the parent and from the bases, and extras."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from tools.stdlib.facts import SOURCES, WEAK, Claim, Facts, Symbol
from tools.stdlib.reconcile import OLD, Decided, inherited_symbols, split_member
from tools.stdlib.versions import ALL, LAST, MINORS, bit, fields, mask, name, parse

ADVICE = ("deprecated", "removal", "instead", "backport")
KEYS = (
    "kind",
    "since",
    "until",
    "works",
    "micro",
    *ADVICE,
    "platform",
    "returns",
    "bases",
    "positional",
    "source",
    "evidence",
)
NUMBERS = {"bool", "float", "complex", "object", "type"}


def entries(facts: Facts, decided: Decided) -> dict[str, dict[str, Any]]:
    """Symbol -> entry, keys in the order of KEYS."""
    table = Table(facts, decided.works)
    found = {symbol: entry for symbol in sorted(facts) if (entry := table.entry(symbol))}
    useful = Useful(facts, found)
    changing = Useful(facts, [symbol for symbol in found if changes(facts, decided, symbol)])
    for symbol, fact in facts.items():
        bases = [base for base in fact.bases if useful.base(base)]
        result = fact.returns if telling(fact) and fact.returns in facts and changing.base(fact.returns) else ""
        new = bases or (result and result != inherited_result(facts, symbol))
        if decided.works[symbol] and (symbol in found or new):
            entry = found.setdefault(symbol, table.whole(symbol))
            entry |= ({"bases": bases} if bases else {}) | ({"returns": result} if result else {})
    return {symbol: {key: entry[key] for key in KEYS if key in entry} for symbol, entry in found.items()}


def inherited_result(facts: Facts, symbol: str) -> str:
    return next((facts[name].returns for name in inherited_symbols(facts, symbol)), "")


def telling(fact: Symbol) -> bool:
    """Results on which nobody calls methods are left out: half of the library returns numbers."""
    return fact.returns not in NUMBERS and (fact.returns != "int" or fact.kind in ("function", "method"))


def changes(facts: Facts, decided: Decided, symbol: str) -> bool:
    """Is a member of instances not there in all versions that people still run, as far as its class is?"""
    fact = facts[symbol]
    room = decided.works.get(fact.parent, ALL) & ~OLD
    return fact.kind != "subscript" and decided.works[symbol] & room != room


class Table:
    def __init__(self, facts: Facts, works: dict[str, int]) -> None:
        self.facts, self.works = facts, works
        self.entry = cache(self._entry)

    def _entry(self, symbol: str) -> dict[str, Any] | None:
        """None where a reader finds the same without it."""
        works = self.works[symbol] & ~self.partly(symbol)
        expected, inherited = self.expected(symbol)
        differs = any(inherited.get(key) != value for key, value in self.extras(symbol))
        return self.whole(symbol) if self.works[symbol] and (works != expected or differs) else None

    def whole(self, symbol: str) -> dict[str, Any]:
        """All that is to be said, as an own entry hides what the bases say."""
        fact, works, room = self.facts[symbol], self.works[symbol], self.room(symbol)
        limits, extra = fields(works & ~self.partly(symbol), room), dict(self.extras(symbol))
        entry: dict[str, Any] = {"kind": fact.kind} | limits | extra
        if limits or {"positional", "deprecated"} & set(extra):
            said = sources(fact, works, room)
            entry |= {"source": said} if said else {}
            if limits and not confirmed(fact, works, room):
                entry["evidence"] = "unconfirmed"
        return entry

    def room(self, symbol: str) -> int:
        return self.works.get(self.facts[symbol].parent, ALL)

    def partly(self, symbol: str) -> int:
        return mask(parse(minor) for minor in self.facts[symbol].extra.get("micro", ()))

    def expected(self, symbol: str) -> tuple[int, dict[str, Any]]:
        """What a reader finds without an own entry: what the nearest base says, else the parent's versions."""
        room = self.room(symbol)
        for base in inherited_symbols(self.facts, symbol):
            if entry := self.entry(base):
                return self.works[base] & ~self.partly(base) & room, entry
        return room, {}

    def extras(self, symbol: str) -> Iterator[tuple[str, Any]]:
        extra, works = self.facts[symbol].extra, self.works[symbol]
        gone = not works & bit(LAST)
        yield from ((key, extra[key]) for key in ADVICE if key in extra and not (gone and key == "removal"))
        if "micro" in extra:
            yield "micro", extra["micro"]
        if "platform" in extra and extra["platform"] != self.platform(self.facts[symbol].parent):
            yield "platform", extra["platform"]
        counts = {minor: count for minor, count in extra.get("counts", {}).items() if works & bit(minor)}
        if len(set(counts.values())) > 1 and witnessed(counts):
            yield "positional", spans(counts)

    def platform(self, symbol: str) -> Any:
        """Of a symbol or what it is part of."""
        fact = self.facts.get(symbol)
        return None if fact is None else fact.extra.get("platform") or self.platform(fact.parent)


def confirmed(symbol: Symbol, works: int, room: int) -> bool:
    """Whether an interpreter was asked on both sides of every change that is not its parent's."""
    probed = symbol.claims.get("probe", Claim()).known | symbol.claims.get(WEAK, Claim()).known
    pairs = (bit(m) | bit(m - 1) for m in range(1, len(MINORS)))
    return all(probed & pair == pair for pair in pairs if room & pair == pair and works & pair not in (0, pair))


def sources(symbol: Symbol, works: int, room: int) -> list[str]:
    """Who says so: sources that know something here and contradict nothing."""
    heard = ((source, symbol.claims.get(source, Claim())) for source in SOURCES)
    return [s for s, claim in heard if claim.known and not claim.known & room & (claim.present ^ works)]


def witnessed(counts: Mapping[int, int | None]) -> bool:
    """Whether each change was seen between two versions that follow each other: some show no signature."""
    order = sorted(counts)
    return all(b == a + 1 for a, b in pairwise(order) if counts[a] != counts[b])


def spans(counts: Mapping[int, int | None]) -> dict[str, int | None]:
    """{"-3.8": 2, "3.9-": 1}: what is older or newer than the probed versions is like the nearest of them."""
    found: dict[str, int | None] = {}
    order = sorted(counts)
    start = 0
    for place, minor in enumerate(order):
        if place + 1 == len(order) or counts[order[place + 1]] != counts[minor]:
            left = "" if start == 0 else name(order[start])
            right = "" if place + 1 == len(order) else name(order[place + 1] - 1)
            found[f"{left}-{right}"] = counts[minor]
            start = place + 1
    return found


class Useful:
    """Is there anything to find below a class or its bases?"""

    def __init__(self, facts: Facts, found: Iterable[str]) -> None:
        self.facts = facts
        self.owners = {owner for symbol in found for owner, suffix in [split_member(facts, symbol)] if suffix}
        self.base = cache(self._base)

    def _base(self, symbol: str) -> bool:
        return symbol in self.owners or any(self.base(base) for base in self.facts[symbol].bases)
