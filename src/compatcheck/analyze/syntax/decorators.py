"""Decorators: any expression, or a dotted name and one call."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.place import Hit, Place, hit

_BLANKS = frozenset({"comment", "line_continuation"})


def relaxed(place: Place) -> Iterator[Hit]:
    decorator = place.node.parent
    if place.node.type != "@" or decorator is None or decorator.type != "decorator":
        return
    parts = [child for child in decorator.children if child.is_named and child.type not in _BLANKS]
    if len(parts) == 1 and not _is_simple(parts[0]):
        yield hit("plain", parts[0])


def _is_simple(expression: Node) -> bool:
    """Whether older grammars know it: `a.b.c` and `a.b.c(…)`."""
    if expression.type == "call":
        function = expression.child_by_field_name("function")
        return function is not None and _is_dotted(function)
    return _is_dotted(expression)


def _is_dotted(expression: Node) -> bool:
    while expression.type == "attribute":
        inner = expression.child_by_field_name("object")
        if inner is None:
            return False
        expression = inner
    return expression.type == "identifier"
