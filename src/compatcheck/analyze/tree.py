"""The concrete syntax tree: tree-sitter, made only when something asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from compatcheck.analyze.depth import Climbs
from compatcheck.analyze.respelled import respelled

LANGUAGE = Language(tree_sitter_python.language())
_PARSER = Parser(LANGUAGE)
_LARGE = 2_000_000


class Tree:
    """The tree of one text (UTF-8 bytes), parsed on first use."""

    def __init__(self, code: bytes) -> None:
        self.code = code

    @cached_property
    def root(self) -> Node:
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
