"""What platforms in force change in the rules, ready to be laid over them. Empty when no target names one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from compatcheck.model.runtimes import Runtime, RuntimeSet
from compatcheck.model.stdlib import Lack
from compatcheck.rulebook.works import last_word


@dataclass(frozen=True)
class Overlay:
    """What platforms add. `syntax` has for `rule/variant` the platforms that take it, and those that refuse it."""

    runtimes: tuple[Runtime, ...] = ()
    platforms: Mapping[str, RuntimeSet | str] = field(default_factory=dict)
    syntax: Mapping[str, tuple[RuntimeSet, RuntimeSet]] = field(default_factory=dict)
    lacks: Mapping[str, tuple[Lack, ...]] = field(default_factory=dict)
    gives: Mapping[str, RuntimeSet] = field(default_factory=dict)
    digest: str = ""

    def words(self, known: Mapping[str, Sequence[Any]]) -> dict[str, tuple[int, Sequence[str]]]:
        """The suspicious words of what platforms lack, joined with what is known of these words."""
        found: dict[str, tuple[int, Sequence[str]]] = {}
        for symbol, lacks in self.lacks.items():
            word = last_word(symbol)
            bits, symbols = found.get(word) or known.get(word) or (0, ())
            for lack in lacks:
                bits |= lack.on.bits
            found[word] = bits, symbols if symbol in symbols else [*symbols, symbol]
        return found


def is_platform(spec: str) -> bool:
    """Whether a SPEC names a platform, not versions."""
    return spec.strip()[:1].isalpha() or is_file(spec)


def is_file(spec: str) -> bool:
    """Whether a SPEC is the path of a profile file."""
    return spec.strip().endswith((".yaml", ".yml"))
