"""Versions in rule files to runtime sets, symbols to the words that they are found by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compatcheck.model.runtimes import NO_RUNTIMES, Runtime, Runtimes, RuntimeSet


def cpythons(known: Mapping[str, Mapping[str, Any]]) -> Runtimes:
    """The CPythons of rules/runtimes.yaml. Their bits are fixed: 2.7 is 0, 3.n is n + 1."""
    return Runtimes(tuple(_runtime(name, str(data["end-of-life"])) for name, data in known.items()))


def _runtime(name: str, end_of_life: str) -> Runtime:
    major, minor = map(int, name.split("."))
    return Runtime(name, 0 if major == 2 else minor + 1, (major, minor), end_of_life=end_of_life)


def works_of(fact: Mapping[str, Any], runtimes: Runtimes) -> RuntimeSet:
    """Where something works: `since`/`until` (inclusive), `works` (a list of intervals), or `never: true`."""
    if fact.get("never"):
        return NO_RUNTIMES
    if "works" in fact:
        bits = 0
        for interval in fact["works"]:
            low, _, high = interval.partition("-")
            bits |= runtimes.between(low or None, high or (None if "-" in interval else low)).bits
        return RuntimeSet(bits)
    return runtimes.between(fact.get("since"), fact.get("until"))


def last_word(symbol: str) -> str:
    """`lcm` of `math.lcm`, `strict` of `zip(strict)`."""
    return symbol.rstrip(")").replace("(", ".").rpartition(".")[2]
