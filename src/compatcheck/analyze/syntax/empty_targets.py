"""`()` as a target."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.words import WORD

# What a `(` right behind it calls, where the tree is broken, too.
_BEFORE_CALL = WORD | frozenset(b")]}\"'")
_TARGETS = frozenset({"delete_statement", "as_pattern_target"})


def empty_tuple(place: Place) -> Iterator[Hit]:
    node = place.node.parent
    if place.offset and place.code[place.offset - 1] in _BEFORE_CALL:
        return
    if place.node.type == "(" and node is not None and not _elements(node) and _is_target(node):
        yield hit("plain", node)


def _elements(node: Node) -> list[Node]:
    return [child for child in node.children if child.is_named and child.type != "comment"]


def _is_target(node: Node) -> bool:
    if node.type != "tuple":
        return node.type == "tuple_pattern"
    around = node.parent
    while around is not None and around.type in ("expression_list", "tuple", "list"):
        around = around.parent
    return around is not None and around.type in _TARGETS
