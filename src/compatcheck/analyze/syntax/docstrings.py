"""Docstrings, which Python 3.13 and newer encode when they compile."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.scans.escapes import kind_at
from compatcheck.analyze.syntax.escapes import context
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.tree import first_child

_BODIES = ("function_definition", "class_definition")


def surrogate(place: Place) -> Iterator[Hit]:
    """`"\\ud800"` as a docstring."""
    around = context(place)
    if around is None or around.raw or kind_at(place.code, place.offset, b"b" in around.prefix) != "surrogate":
        return
    if _is_docstring(place, around.literal):
        length = 6 if place.code[place.offset + 1 : place.offset + 2] == b"u" else 10
        escape = place.code[place.offset : place.offset + length].decode("ascii", "replace")
        yield Hit("plain", place.offset, place.offset + length, {"escape": escape})


def _is_docstring(place: Place, literal: Node) -> bool:
    """Whether the literal, alone or with its neighbours, in parentheses or not, is the first statement of a body."""
    if _formatted(place, literal):
        return False
    node = literal
    while node.parent is not None and node.parent.type in ("concatenated_string", "parenthesized_expression"):
        node = node.parent
        if any(_formatted(place, child) for child in node.children):
            return False
    statement = node.parent
    if statement is None or statement.type != "expression_statement" or statement.child_count != 1:
        return False
    body = statement.parent
    if body is None or not (body.type == "module" or (body.parent is not None and body.parent.type in _BODIES)):
        return False
    first = next((child for child in body.children if child.type != "comment"), None)
    return first is not None and first.id == statement.id


def _formatted(place: Place, node: Node) -> bool:
    start = first_child(node) if node.type == "string" else None
    return start is not None and bool(set(place.text(start).lower()) & set(b"ft"))
