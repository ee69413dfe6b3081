"""Comprehensions and lambdas in the scopes of type parameters inside a class, which only CPython 3.12 refused."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.eras import evaluation
from compatcheck.analyze.syntax.frames import COMPREHENSIONS, frames, scope
from compatcheck.analyze.syntax.place import Hit, Place, hit

_DEFINITIONS = ("function_definition", "class_definition", "type_alias_statement")
_NESTED = (*COMPREHENSIONS, "generator_expression", "lambda")


def nested_in_class(place: Place) -> Iterator[Hit]:
    """The place is the word `lambda` or `for`."""
    node = place.node.parent if place.node.type == "lambda" and not place.node.is_named else place.node
    if node is None:
        return
    while node.type not in _NESTED:
        if node.parent is None or node.type in _DEFINITIONS:
            return
        node = node.parent
    for frame in frames(node):
        if frame.kind in ("generic", "bound", "alias"):
            if scope(_definition(frame.node)).kind == "class":
                yield hit("nested", node, what="lambda" if node.type == "lambda" else "comprehension")
            return
        if frame.kind != "annotation" or evaluation(frame.node, 12, place.tree) == "postponed":
            return


def _definition(node: Node) -> Node:
    while node.type not in _DEFINITIONS and node.parent is not None:
        node = node.parent
    return node
