"""What the standard library holds, by version: the facts of rules/stdlib, looked up by word or by symbol."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, Literal, NamedTuple

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
    `lacks` is what platforms in force say of it; `positional` how many arguments it takes by position, None for any number.
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
    positional: tuple[tuple[RuntimeSet, int | None], ...] = ()

    @property
    def differs(self) -> RuntimeSet:
        """Where the symbol is there, and does something else."""
        return _union(lack.on for lack in self.lacks if lack.differs)


class Shape(NamedTuple):
    """What a symbol looks like in code. `bits` are the runtimes on which it fails or is deprecated; `kind` is one of
    name, member, literal (a member of literals only), parameter, module, subscript; `owner` the last word of what it
    belongs to, empty for builtins;
    `callee` who takes the parameter; `cls` the class whose instances have the member, empty where literals make them.
    """

    bits: int
    kind: str
    owner: bytes
    callee: bytes
    cls: str
    symbol: str


@dataclass(frozen=True)
class Stdlib:
    """Facts by symbol, decoded when asked for. `names` are the first words of all symbols, `makers` by class the words
    of what gives its instances; `looks` holds, by first word (empty for builtins) and last word, the fields of Shapes.
    `lacks` and `gives` are what the platforms in force lack and have against their Python, `stars` modules of theirs of
    which `import *` brings no builtin's name; `spoken` gives the CPythons
    whose language runtimes speak.
    """

    looks: Mapping[str, Mapping[str, Sequence[Sequence[Any]]]]
    names: frozenset[str]
    makers: Mapping[str, Sequence[str]]
    raw: Mapping[str, str]
    works_of: Callable[[Mapping[str, Any]], RuntimeSet]
    spoken: Callable[[RuntimeSet], RuntimeSet]
    lacks: Mapping[str, tuple[Lack, ...]] = field(default_factory=dict)
    gives: Mapping[str, RuntimeSet] = field(default_factory=dict)
    counted: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    abroad: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    stars: frozenset[str] = frozenset()
    _decoded: dict[str, Fact | None] = field(default_factory=dict)

    def shapes(self, head: str, scope: RuntimeSet) -> dict[bytes, tuple[Shape, ...]]:
        """By last word, the shapes of the symbols below `head` that fail, differ or are deprecated on one of the
        runtimes.
        """
        wanted = (scope | self.spoken(scope)).bits
        found = {}
        for word, entries in self.looks.get(head, {}).items():
            shapes = tuple(_shape(entry) for entry in entries if entry[0] & wanted)
            if shapes:
                found[word.encode()] = shapes
        return found

    def elsewhere(self, systems: Sequence[str]) -> list[tuple[str, str]]:
        """Symbols that some of the systems (values of sys.platform) lack, with their kinds."""
        limited = ((symbol, json.loads(text)) for symbol, text in self.raw.items() if '"platform"' in text)
        return [
            (symbol, data["kind"])
            for symbol, data in limited
            if not all(has_system(data["platform"], system) for system in systems)
        ]

    def fact(self, symbol: str) -> Fact | None:
        """What is known of a symbol; None when nothing about it depends on the version."""
        if symbol not in self._decoded:
            text, lacks = self.raw.get(symbol), self.lacks.get(symbol, ())
            if text is None and not lacks:
                self._decoded[symbol] = None
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
            tuple((self.works_of({"works": [on]}), most) for on, most in data.get("positional", {}).items()),
        )


def has_system(only: Sequence[str], system: str) -> bool:
    """Whether a system is among those that a symbol is limited to; `unix` are all but Windows."""
    return not only or system in only or ("unix" in only and system not in ("win32", "emscripten", "wasi"))


def _shape(entry: Sequence[Any]) -> Shape:
    bits, kind, owner, callee, cls, symbol = entry
    return Shape(bits, kind, owner.encode(), callee.encode(), cls, symbol)


def _union(sets: Iterable[RuntimeSet]) -> RuntimeSet:
    return RuntimeSet(reduce(or_, (each.bits for each in sets), 0))
