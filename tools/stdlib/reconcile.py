"""Decides for every symbol on which versions it works, and which symbols the rule files must name."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from tools.stdlib.facts import WEAK, Claim, Facts, Symbol
from tools.stdlib.versions import ALL, MINORS, PROBED_FROM, bit, mask, minors, name, until

# Who is believed first, and for which versions: typeshed's memory of what it no longer supports is vague.
OLD = until(PROBED_FROM - 1)
TRUST = (
    ("review", ALL),
    ("probe", ALL),
    ("typeshed", ALL & ~OLD),
    ("docs", ALL),
    ("vermin", ALL),
    ("typeshed", OLD),
    (WEAK, ALL),
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    symbol: str
    source: str
    versions: tuple[str, ...]
    says_present: bool


@dataclass(slots=True)
class Decided:
    works: dict[str, int] = field(default_factory=dict)  # absolute, never more than the parent's
    disagreements: list[Disagreement] = field(default_factory=list)


def decide(facts: Facts) -> Decided:
    result = Decided()

    def works(symbol_name: str) -> int:
        if symbol_name in result.works or symbol_name not in facts:
            return result.works.get(symbol_name, ALL)
        symbol = facts[symbol_name]
        room = works(symbol.parent) if symbol.parent else ALL
        inherited = next((works(name) for name in inherited_symbols(facts, symbol_name)), None)
        found, lost = settle(symbol, room, inherited)
        result.disagreements += [Disagreement(symbol_name, *rest) for rest in lost]
        result.works[symbol_name] = found
        return found

    for symbol_name in facts:
        works(symbol_name)
    return result


def settle(symbol: Symbol, room: int, inherited: int | None) -> tuple[int, list[tuple[str, tuple[str, ...], bool]]]:
    """The first source that knows a version decides it; one that contradicts a better one is not heard at all.

    What no source knows is as in the base class, if that agrees with what is known.
    """
    known, present, lost = 0, 0, []
    for source, trusted in TRUST:
        if source == "typeshed" and trusted == OLD and symbol.kind == "parameter":
            continue  # old stubs guessed the names of parameters
        heard = symbol.claims.get(source, Claim())
        claim = Claim(heard.known & trusted, heard.present & trusted)
        against = claim.known & known & room & (claim.present ^ present)
        if against:
            lost.append((source, tuple(map(name, minors(against))), bool(claim.present & against)))
            continue
        present |= claim.present & ~known
        known |= claim.known
        if source != "review" and (older := unlikely(symbol, present)):
            known, present = known | older, present & ~older
    if inherited is not None and not known & room & (present ^ inherited):
        return inherited & room, lost
    return fill(known, present) & room, lost


def inherited_symbols(facts: Facts, symbol: str) -> Iterator[str]:
    """The same member in the base classes, the nearest first."""
    owner, suffix = split_member(facts, symbol)
    return (base + suffix for base in ancestors(facts, owner) if base + suffix in facts) if suffix else iter(())


def ancestors(facts: Facts, owner: str) -> Iterator[str]:
    for base in facts[owner].bases if owner in facts else ():
        yield base
        yield from ancestors(facts, base)


def unlikely(symbol: Symbol, present: int) -> int:
    """Versions before the oldest that an interpreter was asked for, which did not have it: nothing comes, goes and
    comes again. A parameter's name that no interpreter takes was never taken: stubs name what is positional only.
    """
    probed = symbol.claims.get("probe", Claim())
    oldest = probed.known & -probed.known
    if not oldest or probed.present & oldest:
        return 0
    return oldest - 1 if present & ~(oldest - 1) or symbol.kind == "parameter" else 0


@cache
def fill(known: int, present: int) -> int:
    """Versions that nobody knows are like their nearest known neighbour, the newer one first."""
    if not known:
        return ALL
    return mask(m for m in MINORS if present & bit(min(minors(known), key=lambda k: (abs(k - m) + (k < m) / 2, k))))


def split_member(facts: Facts, symbol: str) -> tuple[str, str]:
    """(class, ".method(parameter)"), or an empty suffix for what is no member of a class."""
    parent = facts[symbol].parent
    if parent in facts and facts[parent].kind in ("class", "exception"):
        return parent, symbol[len(parent) :]
    grandparent = facts[parent].parent if parent in facts else ""
    if grandparent in facts and facts[grandparent].kind in ("class", "exception"):
        return grandparent, symbol[len(grandparent) :]
    return symbol, ""
