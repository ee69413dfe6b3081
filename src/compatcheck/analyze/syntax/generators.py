"""`yield`, `yield from`, and `return` in asynchronous generators."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.eras import evaluation, skipped, working
from compatcheck.analyze.syntax.frames import frames, scope
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import Tree, enclosing

_NESTED_SCOPES = ("function_definition", "class_definition", "lambda")
_VARIANTS = {"3.6-3.7": "comprehension", "3.6-3.13": "annotation", "3.6-3.9": "postponed-annotation"}


def yield_place(place: Place) -> Iterator[Hit]:
    """`yield` where no function can be a generator, and `yield from` in async functions."""
    node = place.node.parent if place.node.type == "yield" and not place.node.is_named else place.node
    if node is None or node.type != "yield":
        if place.node.type == "yield" and enclosing(place.node, "type_parameter"):
            yield hit("type-parameters", place.node)
        return
    versions = working(lambda minor: _works(node, minor, place.tree))
    if versions != "3.6-":
        yield hit(_VARIANTS.get(versions) or _where(node), node)


def _works(node: Node, minor: int, tree: Tree) -> bool:
    for frame in frames(node):
        if frame.kind in ("comprehension", "generator"):
            return minor < 8
        if frame.kind in ("module", "class") or (frame.kind == "async" and is_yield_from(node)):
            return skipped(node, minor, tree)
        if frame.kind != "annotation":
            return frame.kind in ("function", "async", "lambda")
        if minor >= 14:
            return False
        when = evaluation(frame.node, minor, tree)
        if when != "at-once":
            return when == "never" or minor < 10
    return False


def _where(node: Node) -> str:
    kind = next(frame.kind for frame in frames(node) if frame.kind != "annotation")
    if kind in ("generic", "bound", "alias"):
        return "type-parameters"
    return "from-in-async" if kind == "async" else "outside"


def is_yield_from(node: Node) -> bool:
    return any(child.type == "from" for child in node.children)


def async_generator_return(place: Place) -> Iterator[Hit]:
    """`return` with a value in a function that is an asynchronous generator; the place is its `yield`."""
    if place.node.type != "yield":
        return
    frame = scope(place.node)
    if frame.kind == "async":
        for node in _own_nodes(frame.node):
            if node.type == "return_statement" and node.named_child_count:
                yield hit("value", node)


def _own_nodes(definition: Node) -> Iterator[Node]:
    """The nodes of a function's body, without those of the scopes inside it."""
    body = definition.child_by_field_name("body")
    waiting = [body] if body is not None else []
    while waiting:
        node = waiting.pop()
        yield node
        waiting += (child for child in node.named_children if child.type not in _NESTED_SCOPES)
