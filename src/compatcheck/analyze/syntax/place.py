"""What a rule's check is given, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from tree_sitter import Node

from compatcheck.analyze.tree import Tree

TEXT = frozenset({"comment", "string_content", "string_start", "string_end", "escape_sequence", "string"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A variant of the rule stands at the bytes start..end; `values` fill the message's `{…}`.

    `neutral` are edits (offset, as many other bytes) that make of the construct something that every parser accepts.
    Where a parser stops at the construct, they show what else there is to find.
    """

    variant: str
    start: int
    end: int
    values: Mapping[str, str] = field(default_factory=dict)
    neutral: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True)
class Place:
    """A place where an anchor matched. The check decides which variant, if any, stands there."""

    offset: int
    tree: Tree

    @property
    def code(self) -> bytes:
        return self.tree.code

    @cached_property
    def node(self) -> Node:
        """The smallest node at the offset."""
        return self.tree.place(self.offset)

    def text(self, node: Node) -> bytes:
        return self.tree.text(node)


def is_code(place: Place) -> bool:
    """Whether the tree takes the place for code; where it is broken, it takes some comments for it, too."""
    return place.node.type not in TEXT


Check = Callable[[Place], Iterator[Hit]]


def hit(variant: str, node: Node, **values: str) -> Hit:
    """A hit that spans the node."""
    return Hit(variant, node.start_byte, node.end_byte, values)
