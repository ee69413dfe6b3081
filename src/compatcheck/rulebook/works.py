"""Versions in rule files to runtime sets, symbols to the words that they are found by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from compatcheck.model.runtimes import NO_RUNTIMES, Runtime, Runtimes, RuntimeSet


def cpythons(names: Iterable[str]) -> Runtimes:
    """The CPythons of rules/runtimes.yaml. Their bits are fixed: 2.7 is 0, 3.n is n + 1."""
    return Runtimes(tuple(_runtime(name) for name in names))


def _runtime(name: str) -> Runtime:
    major, minor = map(int, name.split("."))
    return Runtime(name, 0 if major == 2 else minor + 1, (major, minor))


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
