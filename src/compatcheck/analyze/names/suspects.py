"""The names that matter for a scope of runtimes, by the words that a text holds. Made once a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from compatcheck.analyze.names.imported import known_heads
from compatcheck.analyze.names.instances import gives_instance
from compatcheck.analyze.names.operators import OPERATORS
from compatcheck.model.rules import LiteralRule
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Shape, Stdlib
from compatcheck.rulebook.outlook import shape_of
from compatcheck.rulebook.works import last_word

_BUILTINS = b""
_LITERAL_CLASSES = frozenset({b"dict"})


class Suspects:
    """Finds the symbols that fail, or are deprecated, on some runtime of the scope. `names` are the first words of all
    symbols; `listed` the words that depend on any version at all, for tests such as `hasattr`; `unions` says whether
    `X | Y` of classes fails; `literals` are the kinds of text that fail somewhere.
    With `guesses` members count whatever their receiver; what one of the `systems` lacks counts, too.
    """

    def __init__(
        self,
        stdlib: Stdlib,
        scope: RuntimeSet,
        literals: Iterable[LiteralRule] = (),
        systems: Sequence[str] = (),
        *,
        guesses: bool = False,
    ) -> None:
        self.guesses = guesses
        self._limited = _limited(stdlib, systems) if systems else {}
        self._stdlib = stdlib
        self._scope = scope
        self._tables: dict[bytes, dict[bytes, tuple[Shape, ...]]] = {}
        self._heads = frozenset(head.encode() for head in (*stdlib.looks, *self._limited) if head)
        self.names = stdlib.names
        self._abroad = {
            word.encode(): {head.encode(): [home.encode() for home in homes] for head, homes in of.items()}
            for word, of in stdlib.abroad.items()
        }
        self.counted = {word.encode(): (head.encode(), least) for word, (head, least) in stdlib.counted.items()}
        self.literals = tuple(rule for rule in literals if any(not scope <= form.works for form in rule.forms))
        union = stdlib.fact("type.__or__")
        self.unions = union is not None and not scope <= union.works

    def of(self, code: bytes, words: frozenset[bytes]) -> dict[bytes, list[Shape]]:
        """By last word, the shapes of what a text may ask for: of builtins, and of modules that it may know."""
        found: dict[bytes, list[Shape]] = defaultdict(list)
        self._add(_BUILTINS, code, words, found)
        heads = words & self._heads
        known = set(known_heads(code, words, heads)) if heads else set()
        for head in known | self._homes(words, known):
            self._add(head, code, words, found)
        for name in self._stdlib.looks if self.guesses else ():
            for word in words.intersection(table := self._table(name.encode())):
                found[word] += [shape for shape in table[word] if shape.kind == "member" and shape not in found[word]]
        return found

    def _homes(self, words: frozenset[bytes], known: set[bytes]) -> set[bytes]:
        """The modules of classes of which others, or builtins, give instances: `open` gives those of io."""
        return {
            home
            for word in words.intersection(self._abroad)
            for head, homes in self._abroad[word].items()
            if not head or head in known
            for home in homes
        }

    def operators(self, words: frozenset[bytes]) -> set[str]:
        """The special methods that some runtime lacks of a class which a text with these words may use."""
        return {name for name, owner in self._special if owner in words or owner in _LITERAL_CLASSES}

    @cached_property
    def _special(self) -> list[tuple[str, bytes]]:
        found = []
        for head in self._stdlib.looks:
            table = self._table(head.encode())
            found += [(name, shape.owner) for name in OPERATORS for shape in table.get(name.encode(), ())]
        return found

    def is_module(self, head: str) -> bool:
        """Whether the first word of a symbol is a module's, not a builtin's."""
        return head.encode() in self._heads

    def _add(self, head: bytes, code: bytes, words: frozenset[bytes], found: dict[bytes, list[Shape]]) -> None:
        table = self._table(head)
        for word in words.intersection(table):
            if shapes := [shape for shape in table[word] if self._possible(shape, code, words)]:
                found[word] += shapes

    def _possible(self, shape: Shape, code: bytes, words: frozenset[bytes]) -> bool:
        """Whether the words that the symbol cannot do without occur at all, its class not only in passing."""
        if shape.callee and shape.callee not in words:
            return False
        makers = self._makers.get(shape.cls, frozenset())
        return not shape.cls or any(gives_instance(code, word) for word in words & makers)

    def _table(self, head: bytes) -> dict[bytes, tuple[Shape, ...]]:
        if head not in self._tables:
            shapes = self._stdlib.shapes(head.decode(), self._scope)
            for word, more in self._limited.get(head.decode(), {}).items():
                shapes[word] = shapes.get(word, ()) + tuple(more)
            # `list[…]` is looked for as the word `list`.
            self._tables[head] = _joined(shapes)
        return self._tables[head]

    @cached_property
    def _makers(self) -> dict[str, frozenset[bytes]]:
        return {cls: frozenset(map(str.encode, words)) for cls, words in self._stdlib.makers.items()}

    @cached_property
    def listed(self) -> frozenset[bytes]:
        return frozenset(word.encode() for table in self._stdlib.looks.values() for word in table)


def _limited(stdlib: Stdlib, systems: Sequence[str]) -> dict[str, dict[bytes, list[Shape]]]:
    """The shapes of what some of the systems lack, by head and last word."""
    found: dict[str, dict[bytes, list[Shape]]] = defaultdict(lambda: defaultdict(list))
    for symbol, kind in stdlib.elsewhere(systems):
        head, look, owner, callee, cls = shape_of(symbol, kind)
        shape = Shape(0, look, owner.encode(), callee.encode(), cls, symbol)
        found[head][last_word(symbol).encode()].append(shape)
    return found


def _joined(shapes: dict[bytes, tuple[Shape, ...]]) -> dict[bytes, tuple[Shape, ...]]:
    joined: dict[bytes, tuple[Shape, ...]] = {}
    for word, found in shapes.items():
        plain = word.removesuffix(b"[]")
        joined[plain] = joined.get(plain, ()) + found
    return joined
