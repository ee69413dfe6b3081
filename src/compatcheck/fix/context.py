"""What holds for all findings of a run: the rules, the targets, and what the user allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from compatcheck.model.stdlib import Stdlib


@dataclass(frozen=True)
class Context:
    """`oldest` and `newest` are the (major, minor) of the targets; `unsafe` and `guard` what the user allows.

    `equivalents` are the entries of rules/equivalents by symbol, `helpers` pieces of code by name.
    """

    stdlib: Stdlib
    equivalents: Mapping[str, Mapping[str, Any]]
    helpers: Mapping[str, str]
    oldest: tuple[int, int]
    newest: tuple[int, int]
    unsafe: bool = False
    guard: bool = False

    def entry(self, symbol: str) -> Mapping[str, Any]:
        """What rules/equivalents has for a symbol, or for the member of a base class that it is; empty for nothing."""
        if symbol in self.equivalents:
            return self.equivalents[symbol]
        owner, _, member = symbol.rpartition(".")
        fact = self.stdlib.fact(owner) if owner else None
        bases = fact.bases if fact is not None else ()
        return next((found for base in bases if (found := self.entry(f"{base}.{member}"))), {})
