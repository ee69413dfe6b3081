"""Annotated variables, and values of theirs that only newer Pythons take."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.scans.tokens import in_lambda, next_token, outside_lambdas, stop
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.syntax.surroundings import around_code
from compatcheck.analyze.tree import enclosing

_TRAILERS = {"subscript": "value", "attribute": "object", "call": "function"}


def variable(place: Place) -> Iterator[Hit]:
    assignment = place.node.parent
    if place.node.type == ":" and assignment is not None and assignment.type == "assignment":
        target = assignment.child_by_field_name("left")
        yield hit("plain", assignment if target is None else target)


def after_parentheses(place: Place) -> Iterator[Hit]:
    """`(a)[0]: int`: at the parenthesis. CPython 3.9 takes `(a)` for the target, and does not think again."""
    assignment = enclosing(place.node, "assignment")
    if assignment is None or assignment.child_by_field_name("type") is None:
        return
    target = assignment.child_by_field_name("left")
    first = target
    while first is not None and first.type in _TRAILERS:
        first = first.child_by_field_name(_TRAILERS[first.type])
    if target is not None and first is not None and first != target and _is_target_in_parentheses(first):
        yield hit("plain", target)


def _is_target_in_parentheses(node: Node) -> bool:
    inner: Node | None = node
    while inner is not None and inner.type == "parenthesized_expression":
        inner = next((child for child in inner.named_children if child.type != "comment"), None)
    return inner is not None and inner != node and inner.type in ("identifier", "subscript", "attribute")


def value(place: Place) -> Iterator[Hit]:
    """At the equals sign. The tree does not know every annotation, nor every star."""
    around = around_code(place) if place.code[place.offset] == 0x3D else []
    if len(around) != 1 or not _is_annotated(around[0].words):
        return
    first, start = next_token(place.code, place.offset + 1)
    token, end = stop(place.code, place.offset + 1, b"\n")
    if first == b"yield":
        yield Hit("yield", start, start + len(first))
    elif token == b",":
        while token == b",":
            token, end = stop(place.code, end + 1, b"\n")
        yield Hit("tuple", start, start + len(place.code[start:end].rstrip()))


def _is_annotated(words: list[bytes]) -> bool:
    """Whether the words before the first equals sign are a target and its annotation."""
    outside = outside_lambdas(words)
    return b":" in outside and b"=" not in outside and not in_lambda(words)
