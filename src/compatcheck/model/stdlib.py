"""What the standard library holds, by version: the facts of rules/stdlib, looked up by word or by symbol."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compatcheck.model.runtimes import RuntimeSet


@dataclass(frozen=True, slots=True)
class Fact:
    """One symbol: `math.lcm`, `str.removeprefix`, `zip(strict)`. Versions are "3.9"; `micro` maps them to a release."""

    symbol: str
    kind: str
    works: RuntimeSet
    deprecated: str | None = None
    removal: str | None = None
    instead: str | None = None
    backport: str | None = None
    returns: str | None = None
    bases: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    micro: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = True


@dataclass(frozen=True)
class Stdlib:
    """Facts by symbol, decoded when asked for; `words` maps a last word to the bits of the runtimes
    on which a symbol that ends in it fails or is deprecated, and to those symbols. `makers` are (class, symbol, is it a
    subclass): what gives instances of a class.
    """

    words: Mapping[str, tuple[int, Sequence[str]]]
    raw: Mapping[str, str]
    makers: Sequence[tuple[str, str, bool]]
    works_of: Callable[[Mapping[str, Any]], RuntimeSet]
    _decoded: dict[str, Fact] = field(default_factory=dict)

    def kind(self, symbol: str) -> str:
        """The kind of a listed symbol, without decoding all of its fact."""
        fact = self.fact(symbol)
        return fact.kind if fact is not None else ""

    def symbols(self, word: str) -> Sequence[str]:
        """The symbols that end in the word and are not the same everywhere."""
        entry = self.words.get(word)
        return entry[1] if entry else ()

    def fact(self, symbol: str) -> Fact | None:
        """What is known of a symbol; None when nothing about it depends on the version."""
        if symbol not in self._decoded:
            text = self.raw.get(symbol)
            if text is None:
                return None
            self._decoded[symbol] = self._decode(symbol, json.loads(text))
        return self._decoded[symbol]

    def _decode(self, symbol: str, data: Mapping[str, Any]) -> Fact:
        return Fact(
            symbol,
            data["kind"],
            self.works_of(data),
            data.get("deprecated"),
            data.get("removal"),
            data.get("instead"),
            data.get("backport"),
            data.get("returns"),
            tuple(data.get("bases", ())),
            tuple(data.get("platform", ())),
            data.get("micro", {}),
            data.get("evidence") != "unconfirmed",
        )
