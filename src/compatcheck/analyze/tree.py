"""The concrete syntax tree: tree-sitter, made only when something asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from compatcheck.analyze.depth import Climbs
from compatcheck.analyze.parser import TooComplex
from compatcheck.analyze.respelled import respelled
from compatcheck.analyze.scans.tokens import LevelReader

LANGUAGE = Language(tree_sitter_python.language())
_PARSER = Parser(LANGUAGE)
_LARGE = 2_000_000
_MOST_LOOKS = 50_000_000
_MOST_CONTINUED = 2_000  # the grammar reads such lines anew from each of them on
_CONTINUED = re.compile(rb"(?:\\\n[ \t\f]*){%d}" % _MOST_CONTINUED)


class Tree:
    """The tree of one text (UTF-8 bytes), parsed on first use."""

    def __init__(self, code: bytes) -> None:
        self.code = code
        self.readers: dict[int, LevelReader] = {}  # by where their statements begin; only the last is worth keeping
        self.counts: dict[int, int] = {}  # elements of long lists, by node
        self._looked = 0

    @cached_property
    def root(self) -> Node:
        """Raises TooComplex."""
        if self.code.count(b"\\\n") > _MOST_CONTINUED and _CONTINUED.search(self.code):
            raise TooComplex(f"more than {_MOST_CONTINUED:,} lines are continued by backslashes in a row")
        root = _PARSER.parse(self.code).root_node
        if not root.has_error or len(self.code) > _LARGE:
            return root
        # Its grammar does not know all there is, and takes some lines in brackets for the end of a block.
        again = _PARSER.parse(respelled(self.code)).root_node
        return root if again.has_error else again

    def node_at(self, offset: int, end: int | None = None) -> Node:
        """The smallest node that covers the bytes offset..end (one byte when `end` is not given)."""
        node = self.root.descendant_for_byte_range(offset, offset + 1 if end is None else end)
        return node if node is not None else self.root

    def place(self, offset: int) -> Node:
        """The smallest node at a place where a rule starts to climb; raises TooComplex when that costs too much."""
        self._climbs.begin(self.root, offset)
        return self.node_at(offset)

    def look(self, count: int) -> None:
        """To be called where so many tokens around a place are looked at; raises TooComplex when they are too many."""
        self._looked += count
        if self._looked > _MOST_LOOKS:
            raise TooComplex("statements so long, with so much in them, cannot be checked safely")

    @cached_property
    def _climbs(self) -> Climbs:
        return Climbs(self.code)

    def text(self, node: Node) -> bytes:
        return self.code[node.start_byte : node.end_byte]


def ancestors(node: Node) -> Iterator[Node]:
    """The node's parents, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def enclosing(node: Node, *types: str) -> Node | None:
    """The nearest ancestor of one of the types."""
    return next((parent for parent in ancestors(node) if parent.type in types), None)


def first_child(node: Node) -> Node | None:
    """The node's first child, named or not; `Node.child` raises where there is none."""
    return next(iter(node.children), None)
