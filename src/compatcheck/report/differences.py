"""Two reports on the same project: what is new, fixed, moved or changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from compatcheck.model.report import Finding, Report

_Pair = tuple[Finding, Finding]


@dataclass(frozen=True, slots=True)
class Difference:
    """Pairs are (before, after). `kept` are unchanged, their line apart; `gained` and `lost` are versions that work."""

    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    moved: tuple[_Pair, ...]
    changed: tuple[_Pair, ...]
    kept: tuple[_Pair, ...]
    gained: tuple[str, ...]
    lost: tuple[str, ...]


def difference(old: Report, new: Report) -> Difference:
    """`moved` is in another file; `changed` fails on other versions, or has another severity."""
    left, right = list(old.findings), list(new.findings)
    same = _matched(left, right, lambda one: one.fingerprint)
    same += _matched(left, right, lambda one: (one.path, content_of(one)))
    moved = _matched(left, right, content_of)
    works_now = {name for name, counts in new.summary.by_runtime.items() if counts.compatible}
    worked = {name for name, counts in old.summary.by_runtime.items() if counts.compatible}
    both = [name for name in new.summary.by_runtime if name in old.summary.by_runtime]
    changed = [pair for pair in same if _verdict(pair[0]) != _verdict(pair[1])]
    return Difference(
        new=tuple(right),
        fixed=tuple(left),
        moved=tuple(moved),
        changed=tuple(changed),
        kept=tuple(pair for pair in same if pair not in changed),
        gained=tuple(name for name in both if name in works_now - worked),
        lost=tuple(name for name in both if name in worked - works_now),
    )


def content_of(one: Finding) -> tuple[str, ...]:
    """What a finding is about, wherever it stands. A secret is known by its keyed fingerprint alone."""
    if one.kind == "secret":
        return one.rule, one.fingerprint
    text = " ".join((one.excerpt or one.message).split())
    return one.rule, one.symbol or "", text


def _verdict(one: Finding) -> tuple[object, ...]:
    return one.severity, one.fails_on


def _matched(left: list[Finding], right: list[Finding], key: Callable[[Finding], Hashable]) -> list[_Pair]:
    """Takes pairs of one key out of both lists, in order: one of the left for one of the right."""
    waiting: dict[Hashable, list[Finding]] = {}
    for one in left:
        waiting.setdefault(key(one), []).append(one)
    pairs: list[_Pair] = []
    rest = []
    for one in right:
        partners = waiting.get(key(one))
        if partners:
            pairs.append((partners.pop(0), one))
        else:
            rest.append(one)
    taken = {id(before) for before, _ in pairs}
    left[:] = [one for one in left if id(one) not in taken]
    right[:] = rest
    return pairs


def told(found: Difference) -> Sequence[str]:
    """The difference in one line for each kind."""
    counts = (("new", found.new), ("fixed", found.fixed), ("moved", found.moved), ("changed", found.changed))
    return [f"{len(some)} {name}" for name, some in counts]
