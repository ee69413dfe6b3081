"""Which places of a text are worth a look: the rules' anchors, searched in the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from compatcheck.analyze.parser import is_refused
from compatcheck.model.rules import Anchor, Rulebook, SyntaxRule
from compatcheck.model.runtimes import RuntimeSet

_WORD = re.compile(r"\w{3,}(?![\w?*{|])")
_ESCAPE_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)
_GROUP = re.compile(r"\([^()]*\)")
Search = Callable[[bytes], Iterable[int]]
REFUSED = "refused:"
_SPECIAL = frozenset(".^$*+?{}[]\\|()")


@dataclass(frozen=True, slots=True)
class Screen:
    """The searches that matter for a scope, each with the rules that want its places."""

    searches: tuple[tuple[Search, tuple[SyntaxRule, ...]], ...]

    def places(self, code: bytes) -> list[tuple[int, SyntaxRule]]:
        """(offset, rule) pairs, by offset: necessary for a finding, never sufficient."""
        found = [(offset, rule) for search, rules in self.searches for offset in search(code) for rule in rules]
        found.sort(key=lambda pair: (pair[0], pair[1].id))
        return found


def screen_for(rulebook: Rulebook, scope: RuntimeSet) -> Screen:
    """The screen for the runtimes in `scope`: only anchors that can lead to a variant which fails on one of them."""
    wanted: dict[str, list[SyntaxRule]] = {}
    for rule in rulebook.syntax:
        for anchor in rule.anchors:
            if _matters(rule, anchor, scope):
                rules = wanted.setdefault(anchor.pattern, [])
                if rule not in rules:
                    rules.append(rule)
    return Screen(tuple((_search(pattern), tuple(rules)) for pattern, rules in wanted.items()))


def _matters(rule: SyntaxRule, anchor: Anchor, scope: RuntimeSet) -> bool:
    return any(scope - rule.variants[name].clean for name in anchor.variants)


def _search(pattern: str) -> Search:
    if pattern.startswith(REFUSED):
        return _in_refused(_search(pattern.removeprefix(REFUSED)))
    if pattern.startswith("scan:"):
        module, function = pattern.removeprefix("scan:").rsplit(".", 1)
        scan: Search = getattr(import_module(f"compatcheck.analyze.scans.{module}"), function)
        return scan
    if not _SPECIAL.intersection(pattern):
        return _literal(pattern.encode())
    return _regex(re.compile(pattern.encode()), _literal_start(pattern))


def _in_refused(search: Search) -> Search:
    """For constructs that the parser always refuses: no search in a text that it accepts."""
    return lambda code: search(code) if is_refused(code) else ()


def _literal(word: bytes) -> Search:
    def search(code: bytes) -> Iterator[int]:
        at = code.find(word)
        while at >= 0:
            yield at
            at = code.find(word, at + len(word))

    return search


def _regex(pattern: re.Pattern[bytes], start: bytes) -> Search:
    """`start` is what every match begins with: looking for it first is ten times faster where it does not occur."""
    group = 1 if pattern.groups else 0

    def search(code: bytes) -> list[int]:
        first = code.find(start)
        return [match.start(group) for match in pattern.finditer(code, first)] if first >= 0 else []

    return search


def _literal_start(pattern: str) -> bytes:
    """The word with which every match starts, if there is one."""
    match = _WORD.match(pattern)
    return match[0].encode() if match and not _has_alternatives(pattern) else b""


def _has_alternatives(pattern: str) -> bool:
    """Whether there is a `|` outside groups."""
    flat = _ESCAPE_OR_CLASS.sub("", pattern)
    while (inner := _GROUP.sub("", flat)) != flat:
        flat = inner
    return "|" in flat
