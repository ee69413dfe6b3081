"""`await`, `async for`, `async with` and asynchronous comprehensions: where they may stand."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.eras import evaluation, skipped, working
from compatcheck.analyze.syntax.frames import COMPREHENSIONS, frames, is_async, scope
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import Tree, ancestors, enclosing

_GENERATORS = (*COMPREHENSIONS, "generator_expression")
# What follows the name `await` in an expression that 3.6 understands.
_AFTER_A_NAME = (b"(", b"[", b"-", b"+", b"*")
_AWAIT_VARIANTS = {
    "3.6": "name",
    "3.6-3.7": "unreachable",
    "3.7": "unreachable-keyword",
    "3.6-3.13": "annotation",
    "3.7-3.13": "annotation-in-function",
    "3.6-3.9": "postponed-annotation",
    "3.7-3.9": "postponed-annotation",
    "3.10-3.13": "postponed-annotation-lambda",
}
_STATEMENT_VARIANTS = {"3.6": "nested", "3.6-3.7": "unreachable", "3.7": "unreachable-keyword"}
_COMPREHENSION_VARIANTS = {
    "3.11-": "nested",
    "3.11-3.13": "nested-in-annotation",
    "3.7-": "generator",
    "3.6-3.13": "annotation",
    "3.7-3.13": "annotation-in-function",
    "3.6": "name",
    "3.6 3.11-": "nested-name",
    "3.10-3.13": "postponed-annotation",
}


def await_outside(place: Place) -> Iterator[Hit]:
    """`await` where no async function runs it."""
    node = place.node.parent
    if place.node.type != "await" or node is None or node.type != "await":
        if place.node.type in ("await", "async") and enclosing(place.node, "type_parameter"):
            yield hit("type-parameters", place.node)
        return
    versions = working(lambda minor: _await_works(node, minor, place.tree))
    if versions != "3.6-" and versions != "3.7-":
        yield hit(_AWAIT_VARIANTS.get(versions) or _where(node), node)


def _await_works(node: Node, minor: int, tree: Tree) -> bool:
    if minor == 6 and not in_async_text(node):
        return is_name(node)
    for frame in frames(node):
        if frame.kind != "annotation":
            return frame.kind in ("async", "comprehension", "generator") or skipped(node, minor, tree)
        if minor >= 14:
            return False
        when = evaluation(frame.node, minor, tree)
        if when != "at-once":
            return when == "never" or minor < 10
    return False


def _where(node: Node) -> str:
    kind = next(frame.kind for frame in frames(node) if frame.kind != "annotation")
    if kind in ("function", "lambda"):
        return "in-function"
    return "type-parameters" if kind in ("generic", "bound", "alias") else "outside"


def in_async_text(node: Node) -> bool:
    """Whether 3.6 reads `async` and `await` as keywords here: anywhere in the text of an `async def`, but f-strings."""
    for parent in ancestors(node):
        if parent.type == "interpolation":
            return False
        if parent.type == "function_definition" and is_async(parent):
            return True
    return False


def is_name(node: Node) -> bool:
    """Whether 3.6 can read an `await` expression as one of a name: `await(x)` is a call, `await -x` a difference."""
    rest = (node.text or b"")[5:].lstrip(b" \t\f\\\n")
    return rest.startswith(_AFTER_A_NAME)


def async_statement(place: Place) -> Iterator[Hit]:
    """`async for` and `async with` outside of async functions."""
    node = place.node.parent
    if place.node.type != "async" or node is None or node.type not in ("for_statement", "with_statement"):
        return
    if scope(node).kind != "async":
        versions = working(
            lambda minor: in_async_text(node) if minor == 6 else minor == 7 and skipped(node, 7, place.tree)
        )
        variant = _STATEMENT_VARIANTS.get(versions, "outside")
        yield Hit(variant, place.node.start_byte, place.node.end_byte, {"keyword": node.type.partition("_")[0]})


def async_comprehension(place: Place) -> Iterator[Hit]:
    """Comprehensions with `async for` or `await` where no async function runs them."""
    node = place.node.parent
    if node is None or place.node.type not in ("async", "await"):
        return
    if place.node.type == "async":
        comprehension = node.parent if node.type == "for_in_clause" else None
    else:
        comprehension = scope(node).node if node.type == "await" else None
    if comprehension is None or comprehension.type not in _GENERATORS:
        return
    name = node.type == "await" and is_name(node)
    versions = working(lambda minor: _comprehension_works(comprehension, minor, place.tree, name))
    if versions != "3.6-":
        yield hit(_COMPREHENSION_VARIANTS.get(versions, "outside"), comprehension)


def _comprehension_works(comprehension: Node, minor: int, tree: Tree, name: bool) -> bool:
    if minor == 6 and not in_async_text(comprehension):
        return name
    return skipped(comprehension, minor, tree) or _runs(comprehension, minor, tree)


def _runs(comprehension: Node, minor: int, tree: Tree) -> bool:
    """Whether CPython 3.`minor` runs an asynchronous comprehension here."""
    if comprehension.type == "generator_expression" and minor > 6:
        return True
    for frame in frames(comprehension):
        if frame.kind in ("comprehension", "generator"):
            return _runs(frame.node, minor, tree) if minor >= 11 else _is_coroutine(frame.node)
        if frame.kind != "annotation":
            return frame.kind == "async"
        if minor >= 14:
            return False
    return False


def _is_coroutine(comprehension: Node) -> bool:
    """Whether the comprehension itself, not one inside it, awaits."""
    waiting = list(comprehension.children)
    while waiting:
        node = waiting.pop()
        if node.type in ("async", "await") and scope(node).node == comprehension:
            return True
        waiting += node.children
    return False
