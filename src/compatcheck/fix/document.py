"""One text as a tree that can be looked into: places, parents, words, and where a finding stands."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

if TYPE_CHECKING:
    from compatcheck.fix.changes import Import
    from compatcheck.fix.imported import Bound

Node = TypeVar("Node", bound=cst.CSTNode)
Pair = tuple[int, int]

_WORD = re.compile(r"[^\W\d]\w*")
_BLANKS = (cst.BaseParenthesizableWhitespace, cst.TrailingWhitespace, cst.EmptyLine, cst.Newline)
SCOPES = (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Module)
COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp, cst.StarredDictComp)
Comprehension = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp | cst.StarredDictComp


class _OnlyPositions(MetadataWrapper):
    """Spares the visit of all nodes that other kinds of metadata need."""

    def visit_batched(self, visitors: object) -> cst.Module:  # type: ignore[override]
        return self.module


class Document:
    """A parsed text. Raises ParserSyntaxError for what libcst cannot read, RecursionError for what is nested too deep."""

    def __init__(self, text: str) -> None:
        wrapper = _OnlyPositions(cst.parse_module(text), unsafe_skip_copy=True)
        self.module = wrapper.module
        self._ranges = wrapper.resolve(PositionProvider)
        self._reserved: set[str] = set()
        self.imports: list[Bound] | None = None
        self.asked: list[Import] = []
        self.helpers: dict[str, str] = {}
        self.temporary: set[str] = set()
        self.words = frozenset(_WORD.findall(text))

    @cached_property
    def _by_type(self) -> dict[type[cst.CSTNode], list[tuple[Pair, Pair, cst.CSTNode]]]:
        found: dict[type[cst.CSTNode], list[tuple[Pair, Pair, cst.CSTNode]]] = {}
        for node, span in self._ranges.items():
            if not isinstance(node, _BLANKS):
                start, end = _pairs(span)
                found.setdefault(type(node), []).append((start, end, node))
        return found

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        parents: dict[cst.CSTNode, cst.CSTNode] = {}
        waiting: list[cst.CSTNode] = [self.module]
        for node in waiting:
            found = children(node)
            waiting += found
            for child in found:
                parents[child] = node
        return parents

    @cached_property
    def bound(self) -> Counter[str]:
        """How many places bind a name, anywhere in the text."""
        from compatcheck.fix.bindings import bound_in

        return Counter(bound_in(self.module))

    @cached_property
    def known(self) -> frozenset[cst.CSTNode]:
        """The nodes that the text came with."""
        return frozenset(self._ranges)

    @cached_property
    def order(self) -> dict[cst.CSTNode, int]:
        """The index of each statement of the module's body."""
        return {statement: index for index, statement in enumerate(self.module.body)}

    def every(self, kind: type[Node]) -> Iterator[Node]:
        """All nodes of exactly this type."""
        for _, _, node in self._by_type.get(kind, ()):
            assert isinstance(node, kind)
            yield node

    def start(self, node: cst.CSTNode) -> Pair:
        return _pairs(self._ranges[node])[0]

    def end(self, node: cst.CSTNode) -> Pair:
        return _pairs(self._ranges[node])[1]

    def around(self, place: Pair, *kinds: type[Node]) -> Node | None:
        """The innermost node of these types around a place, or beginning there."""
        return self._smallest(kinds, lambda start, end: start <= place < end)

    def at(self, place: Pair, end: Pair | None, *kinds: type[Node]) -> Node | None:
        """The node of these types that begins at a place, and ends at `end` where that is given."""
        return self._smallest(kinds, lambda first, last: first == place and (end is None or last == end))

    def _smallest(self, kinds: tuple[type[Node], ...], fits: object) -> Node | None:
        assert callable(fits)
        found = [
            ((-start[0], -start[1], end), node)
            for kind in kinds
            for start, end, node in self._by_type.get(kind, ())
            if fits(start, end)
        ]
        node = min(found, key=lambda pair: pair[0])[1] if found else None
        assert node is None or isinstance(node, kinds)
        return node

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        return self._parents.get(node)

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """From the parent outwards to the module."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def nearest(self, node: cst.CSTNode, *kinds: type[Node]) -> Node | None:
        """The innermost ancestor of these types."""
        return next((above for above in self.ancestors(node) if isinstance(above, kinds)), None)

    def scope(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function, lambda, class or module whose body a node stands in (comprehensions aside)."""
        child = node
        for above in self.ancestors(node):
            if isinstance(above, SCOPES) and (child is above_body(above) or isinstance(above, cst.Module)):
                return above
            child = above
        return self.module

    def top(self, node: cst.CSTNode) -> int:
        """The index of the module's statement that a node stands in."""
        while node not in self.order:
            node = self._parents[node]
        return self.order[node]

    def fresh(self, wish: str) -> str:
        """A name that the text does not have, and that nobody else was given."""
        name, count = wish, 1
        while name in self.words or name in self._reserved:
            count += 1
            name = f"{wish}_{count}"
        self._reserved.add(name)
        return name

    def aliases(self, node: cst.CSTNode) -> list[cst.ImportAlias]:
        """The names of the imports below a node."""
        return [each for each in below(node) if isinstance(each, cst.ImportAlias)]

    def code(self, node: cst.CSTNode) -> str:
        return self.module.code_for_node(node)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes directly below, blanks and comments aside."""
    found: list[cst.CSTNode] = []
    for name in fields_of(type(node)):
        value = getattr(node, name)
        if isinstance(value, (list, tuple)):
            found += [each for each in value if not isinstance(each, _BLANKS)]
        elif isinstance(value, cst.CSTNode) and not isinstance(value, _BLANKS):
            found.append(value)
    return found


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all nodes below it, in the order of the text."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += reversed(children(current))


def own(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and what is below it in the same function, class or lambda."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        if current is node or not isinstance(current, SCOPES):
            waiting += reversed(children(current))


def above_body(scope: cst.CSTNode) -> cst.CSTNode | None:
    return getattr(scope, "body", None) if not isinstance(scope, cst.Module) else None


def names_in(node: cst.CSTNode) -> set[str]:
    """Every identifier that occurs as a name, attributes and keywords included."""
    return {each.value for each in below(node) if isinstance(each, cst.Name)}


@cache
def fields_of(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """The fields of a type of node that hold others; `value` of some holds text."""
    passed_over = ("leading_lines", "lines_after_decorators", "header", "footer", "indent")
    return tuple(f.name for f in dataclasses.fields(kind) if "whitespace" not in f.name and f.name not in passed_over)


def _pairs(span: CodeRange) -> tuple[Pair, Pair]:
    return (span.start.line, span.start.column + 1), (span.end.line, span.end.column + 1)
