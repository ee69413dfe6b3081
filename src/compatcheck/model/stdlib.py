"""What the standard library holds, by version: the facts of rules/stdlib, looked up by word or by symbol."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Literal

from compatcheck.model.runtimes import RuntimeSet

Level = Literal["error", "warning", "info"]  # as rules have it, which build on this module


@dataclass(frozen=True, slots=True)
class Lack:
    """What platforms do to a symbol that their Python has: it is missing `on` them, or there and `differs`.

    `how` says more, `instead` what to do; `nearby` is the severity inside functions, which may be meant for elsewhere.
    """

    on: RuntimeSet
    kind: str
    how: str | None = None
    instead: str | None = None
    severity: Level = "error"
    nearby: Level = "error"
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One symbol: `math.lcm`, `str.removeprefix`, `zip(strict)`. Versions are "3.9"; `micro` maps them to a release;
    `lacks` is what platforms in force say of it.
    """

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
    lacks: tuple[Lack, ...] = ()

    @property
    def differs(self) -> RuntimeSet:
        """Where the symbol is there, and does something else."""
        return _union(lack.on for lack in self.lacks if lack.differs)


@dataclass(frozen=True)
class Stdlib:
    """Facts by symbol, decoded when asked for; `words` maps a last word to the bits of the runtimes
    on which a symbol that ends in it fails or is deprecated, and to those symbols. `makers` are (class, symbol, is it a
    subclass): what gives instances of a class. `lacks` and `gives` are what the platforms in force lack and have
    against their Python; `spoken` gives the CPythons whose language runtimes speak.
    """

    words: Mapping[str, tuple[int, Sequence[str]]]
    raw: Mapping[str, str]
    makers: Sequence[tuple[str, str, bool]]
    works_of: Callable[[Mapping[str, Any]], RuntimeSet]
    spoken: Callable[[RuntimeSet], RuntimeSet]
    lacks: Mapping[str, tuple[Lack, ...]] = field(default_factory=dict)
    gives: Mapping[str, RuntimeSet] = field(default_factory=dict)
    _decoded: dict[str, Fact] = field(default_factory=dict)

    def suspicious(self, scope: RuntimeSet) -> frozenset[str]:
        """The words that a symbol ends in which fails, differs or is deprecated on some of the runtimes."""
        wanted = (scope | self.spoken(scope)).bits
        return frozenset(word for word, (bits, _) in self.words.items() if bits & wanted)

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
            text, lacks = self.raw.get(symbol), self.lacks.get(symbol, ())
            if text is None and not lacks:
                return None
            data = json.loads(text) if text is not None else {"kind": lacks[0].kind}
            self._decoded[symbol] = self._decode(symbol, data, lacks)
        return self._decoded[symbol]

    def _decode(self, symbol: str, data: Mapping[str, Any], lacks: tuple[Lack, ...]) -> Fact:
        works = self.works_of(data) | self.gives.get(symbol, RuntimeSet())
        return Fact(
            symbol,
            data["kind"],
            works - _union(lack.on for lack in lacks if not lack.differs),
            data.get("deprecated"),
            data.get("removal"),
            data.get("instead"),
            data.get("backport"),
            data.get("returns"),
            tuple(data.get("bases", ())),
            tuple(data.get("platform", ())),
            data.get("micro", {}),
            data.get("evidence") != "unconfirmed",
            lacks,
        )


def _union(sets: Iterable[RuntimeSet]) -> RuntimeSet:
    return RuntimeSet(reduce(or_, (each.bits for each in sets), 0))
