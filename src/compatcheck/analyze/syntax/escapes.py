"""Escapes in string literals: those that mean nothing, too much, or too little."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from compatcheck.analyze.scans.escapes import kind_at
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.tree import ancestors, first_child

_FIELDS = ("interpolation", "format_expression")
_DIGITS = re.compile(rb"\\(?:x[0-9a-fA-F]?|u[0-9a-fA-F]{0,3}|U[0-9a-fA-F]{0,8}|N)")


@dataclass(frozen=True, slots=True)
class Context:
    """The literal around a place: its prefix, lower case, and whether the place is in a format specification."""

    literal: Node
    prefix: bytes
    in_format: bool

    @property
    def raw(self) -> bool:
        return b"r" in self.prefix


def context(place: Place) -> Context | None:
    """The literal whose text the place stands in; None in code and comments."""
    in_format = False
    for node in (place.node, *ancestors(place.node)):
        if node.type == "string":
            start = first_child(node)
            prefix = place.text(start).rstrip(b"\"'").lower() if start is not None else b""
            return Context(node, prefix, in_format)
        in_format = in_format or node.type == "format_specifier"
        if node.type == "comment" or (node.type in _FIELDS and not in_format):
            return None
    return None


def invalid(place: Place) -> Iterator[Hit]:
    """`"\\d"`."""
    if around := _escape(place, "unknown"):
        after = place.code[place.offset + 1 : place.offset + 2]
        if not around.raw:
            yield _hit(place, "format-end" if around.in_format and after == b"}" else "plain", 2)
        elif after not in b"{}":
            yield _hit(place, "raw-format", 2)


def octal(place: Place) -> Iterator[Hit]:
    """`"\\777"`."""
    if around := _escape(place, "octal"):
        yield _hit(place, "raw-format" if around.raw else "plain", 4)


def malformed(place: Place) -> Iterator[Hit]:
    """`"\\x1"`."""
    if around := _escape(place, "malformed"):
        digits = _DIGITS.match(place.code, place.offset)
        yield _hit(place, "raw-format" if around.raw else "plain", len(digits[0]) if digits else 2)


def _escape(place: Place, kind: str) -> Context | None:
    """The context of a place where an escape of the kind stands and somebody reads it."""
    around = context(place)
    if around is None or (around.raw and not (around.in_format and b"f" in around.prefix)):
        return None
    found = kind_at(place.code, place.offset, b"b" in around.prefix)
    if around.raw and found == "name":
        found = "malformed"  # the brace opens a field
    return around if found == kind else None


def _hit(place: Place, variant: str, length: int) -> Hit:
    end = place.offset + length
    escape = place.code[place.offset : end].decode("utf-8", "replace")
    return Hit(variant, place.offset, end, {"escape": escape}, ((place.offset, b"_" * length),))
