"""What platforms in force change in the rules, ready to be laid over them. Empty when no target names one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

from compatcheck.model.runtimes import Runtime, RuntimeSet
from compatcheck.model.stdlib import Lack
from compatcheck.rulebook.outlook import shape_of
from compatcheck.rulebook.works import last_word


@dataclass(frozen=True)
class Overlay:
    """What platforms add. `syntax` has for `rule/variant` the platforms that take it, and those that refuse it."""

    runtimes: tuple[Runtime, ...] = ()
    platforms: Mapping[str, RuntimeSet | str] = field(default_factory=dict)
    syntax: Mapping[str, tuple[RuntimeSet, RuntimeSet]] = field(default_factory=dict)
    lacks: Mapping[str, tuple[Lack, ...]] = field(default_factory=dict)
    gives: Mapping[str, RuntimeSet] = field(default_factory=dict)
    stars: frozenset[str] = frozenset()
    digest: str = ""

    def laid_over(self, known: Mapping[str, Mapping[str, Any]], makers: Collection[str]) -> Mapping[str, Any]:
        """What the standard library's names look like (see `outlook`), with those that platforms lack among them."""
        found: dict[str, Any] = dict(known)
        for symbol, lacks in self.lacks.items():
            head, kind, owner, callee, cls = shape_of(symbol, lacks[0].kind)
            table = found[head] = dict(found.get(head, {}))
            bits = reduce(or_, (lack.on.bits for lack in lacks))
            entry = [bits, kind, owner, callee, cls if cls in makers else "", symbol]
            table[last_word(symbol)] = [*table.get(last_word(symbol), ()), entry]
        return found


def is_platform(spec: str) -> bool:
    """Whether a SPEC names a platform, not versions."""
    return spec.strip()[:1].isalpha() or is_file(spec)


def is_file(spec: str) -> bool:
    """Whether a SPEC is the path of a profile file."""
    return spec.strip().endswith((".yaml", ".yml"))
