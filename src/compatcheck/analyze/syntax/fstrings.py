"""f-strings and t-strings: that they exist, and what only some versions read in their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from tree_sitter import Node

from compatcheck.analyze.parser import blockers
from compatcheck.analyze.scans.fstring_oddities import NEWER, oddities
from compatcheck.analyze.scans.fstring_reader import read_fstring
from compatcheck.analyze.scans.fstring_structure import Field, FString
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import ancestors, enclosing, first_child

_ALWAYS = NEWER | {"too-deep"}  # the others explain what the newest parser refuses, so the rest has to be right
_FIELDS = ("interpolation", "format_expression")


def fstring(place: Place) -> Iterator[Hit]:
    """Any f-string."""
    node = place.node
    if node.type == "string_start" and b"f" in place.text(node).lower():
        yield hit("plain", node)


def template_string(place: Place) -> Iterator[Hit]:
    """Any t-string, and those that follow it: what stands right behind a string is no anchor."""
    node = place.node
    if node.type != "string_start" or node.parent is None:
        return
    around = node.parent.parent
    literals = around.children if around is not None and around.type == "concatenated_string" else [node.parent]
    for literal in literals:
        start = first_child(literal)
        if start is not None and start.type == "string_start" and b"t" in place.text(start).lower():
            yield hit("plain", start)


def self_documenting(place: Place) -> Iterator[Hit]:
    """`f"{x=}"`; the place is the equals sign."""
    node = place.node
    field = node.parent
    if node.type != "=" or field is None or field.type not in _FIELDS:
        return
    # The grammar takes the format specification `=5=` of `{x:=5=}` for an assignment expression.
    if not any(child.type == "named_expression" for child in field.children):
        yield hit(_DEPTHS[min(_depth(field), 2)], field)


_DEPTHS = ("plain", "in-format", "too-deep")


def _depth(field: Node) -> int:
    """How many format specifications of the same literal the field stands in."""
    inside = takewhile(lambda node: node.type != "string", ancestors(field))
    return sum(node.type == "format_specifier" for node in inside)


def awaiting(place: Place) -> Iterator[Hit]:
    """`await` inside a field."""
    if place.node.type == "await" and enclosing(place.node, *_FIELDS) is not None:
        yield hit("plain", place.node)


def fields(place: Place) -> Iterator[Hit]:
    """What only some versions read in the fields of the literal that the place starts, or stands in."""
    node, code = place.node, place.code
    if node.type == "{":
        literal_node = enclosing(node, "string")
        node = (first_child(literal_node) if literal_node is not None else None) or node
    if node.type != "string_start":
        return
    template = b"t" in place.text(node).lower()
    as_field, as_text = (read_fstring(code, node.start_byte, doubled) for doubled in (False, True))
    literal = as_field or as_text
    for name, field in oddities(code, literal) if literal else ():
        if template and (name in NEWER or name == "generator"):
            continue
        if name in _ALWAYS:
            yield Hit(name, field.start, field.end)
        elif _reads(code, literal):
            yield _replaced(name, code, field)
    if literal is not None and literal.doubled:
        yield from _doubled(code, literal, as_field, as_text)


def _doubled(code: bytes, found: FString, as_field: FString | None, as_text: FString | None) -> Iterator[Hit]:
    """A `{{` in a format spec that makes sense as a field or as text, but not as both."""
    if _reads(code, as_field) != _reads(code, as_text):
        yield _replaced("doubled-field" if _reads(code, as_field) else "doubled-text", code, found.doubled[0])


def _replaced(variant: str, code: bytes, field: Field) -> Hit:
    """A hit on a field that the parser may refuse; in its place a name does as well, or text with continued lines."""
    inside = code[field.start + 1 : field.end - 1]
    if b"\n" in inside and b"\n\n" not in inside:
        text = b" " + re.sub(rb"[^\n]", b" ", inside) + b" "
        text = re.sub(rb" \n", b"\\\\\n", text)
    else:
        text = b"{_" + re.sub(rb"[^\n]", b" ", inside[1:]) + b"}"
    return Hit(variant, field.start, field.end, neutral=((field.start, text),))


def _reads(code: bytes, literal: FString | None) -> bool:
    """Whether the literal is right but for what only some versions read."""
    return literal is not None and not blockers(literal.edited(code))
