"""The words that matter for a scope of runtimes, and the symbols behind them. Made once a run."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from compatcheck.analyze.names.contexts import Shape, shape_of
from compatcheck.model.rules import LiteralRule
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Stdlib


class Suspects:
    """`words` that symbols end in which fail, or are deprecated, on some runtime of the scope; `subscriptable`, the
    last words of classes that accept `[…]` on some of them only; `listed`, the words that depend on any version at all,
    for tests such as `hasattr`; `heads`, the first words of all symbols; `unions`, whether `X | Y` of classes fails;
    `literals`, the kinds of text that fail somewhere.
    """

    def __init__(self, stdlib: Stdlib, scope: RuntimeSet, literals: Iterable[LiteralRule] = ()) -> None:
        self._stdlib = stdlib
        self._scope = scope
        self._known: dict[str, tuple[tuple[str, ...], frozenset[Shape]]] = {}
        words = stdlib.suspicious(scope)
        self.words = frozenset(word.encode() for word in words if not word.endswith("[]"))
        self.subscriptable = frozenset(word[:-2].encode() for word in words if word.endswith("[]"))
        self.listed = frozenset(word.encode() for word in stdlib.words)
        self.heads = frozenset(symbol.partition(".")[0] for symbol in stdlib.raw)
        self.literals = tuple(rule for rule in literals if any(not scope <= form.works for form in rule.forms))
        union = stdlib.fact("type.__or__")
        self.unions = union is not None and not scope <= union.works

    def of(self, word: str) -> tuple[tuple[str, ...], frozenset[Shape]]:
        """The symbols that end in the word and matter for the scope, and their shapes."""
        if word not in self._known:
            symbols = tuple(symbol for symbol in self._stdlib.symbols(word) if self._matters(symbol))
            shapes = frozenset(shape_of(symbol, self._stdlib.kind(symbol), self._makers_of) for symbol in symbols)
            self._known[word] = symbols, shapes
        return self._known[word]

    def _matters(self, symbol: str) -> bool:
        fact = self._stdlib.fact(symbol)
        return fact is not None and (not self._scope <= fact.works or fact.deprecated is not None or bool(fact.lacks))

    def _makers_of(self, cls: str) -> frozenset[bytes]:
        return frozenset(self._makers.get(cls, ())) | {cls.rpartition(".")[2].encode()}

    @cached_property
    def _makers(self) -> dict[str, set[bytes]]:
        """Words of what gives instances of a class: subclasses, and callables that return it or one of these."""
        return _closed(self._stdlib.makers)


def _closed(makers: Iterable[tuple[str, str, bool]]) -> dict[str, set[bytes]]:
    """From (class, symbol, whether the symbol is a subclass) to the words of each class, subclasses' words included."""
    below: dict[str, set[str]] = {}
    words: dict[str, set[bytes]] = {}
    for cls, symbol, subclass in makers:
        words.setdefault(cls, set()).add(symbol.rpartition(".")[2].encode())
        if subclass:
            below.setdefault(cls, set()).add(symbol)
    for cls in list(words):
        waiting = list(below.get(cls, ()))
        seen = set(waiting)
        while waiting:
            sub = waiting.pop()
            words[cls] |= words.get(sub, set())
            fresh = below.get(sub, set()) - seen
            seen |= fresh
            waiting += fresh
    return words
