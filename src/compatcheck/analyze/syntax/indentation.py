"""Indentation that versions read differently, or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.indentation import Indentation, column, column_of, indentation_before, is_blank
from compatcheck.analyze.syntax.place import Hit, Place, is_code
from compatcheck.analyze.tree import ancestors

_RUN = re.compile(rb"(?:[ \t\f]*\\\n)+[ \t\f]*")
_LEVELS = 100
_ENDS = (b"", b"\n", b"\r\n", b"\r")
_ALL = (True, True, True)
# Accepted until 3.8, by 3.9, since 3.10.
_VARIANTS = {
    (False, True, True): "blank",
    (True, False, True): "first-in-block",
    (False, False, True): "at-margin",
    (True, True, False): "old",
    (False, True, False): "ignored",
}


def continued_indentation(place: Place) -> Iterator[Hit]:
    """A statement that begins with a backslash. Its indentation is that of the first line until 3.8, that of the
    block before in 3.9, and since 3.10 the first that is not zero.
    """
    code, line = place.code, place.code.rfind(b"\n", 0, place.offset) + 1
    match = _RUN.match(code, line)
    if match is None or place.code[line - 2 : line] == b"\\\n" or not is_code(place) or _in_brackets(place):
        return
    if code[line : place.offset].strip():
        return
    before = indentation_before(code, line)
    first = column(code[line : place.offset])
    last = code.rfind(b"\n", 0, match.end()) + 1
    if is_blank(code, last):
        accepted = (first == 0 and before.fits(0) and _at_margin(code, last), True, True)
    else:
        newest = column_of(code, match.end())
        accepted = (before.fits(first), not before.expected, before.fits(newest))
        if accepted == _ALL and not before.agrees(newest, newest):
            yield Hit("tabs", line, match.end())
    if variant := _VARIANTS.get(accepted):
        yield Hit(variant, line, match.end(), {}, () if accepted[2] else _aligned(match[0], line, before))


def _in_brackets(place: Place) -> bool:
    for parent in ancestors(place.node):
        if parent.type in ("block", "module"):
            return False
        if any(child.type in ("(", "[", "{") and child.start_byte < place.offset for child in parent.children):
            return True
    return False


def deep_indentation(place: Place) -> Iterator[Hit]:
    """A hundred blocks, one in the other."""
    blocks = sum(1 for parent in ancestors(place.node) if parent.type == "block")
    if is_code(place) and blocks >= _LEVELS:
        yield Hit("levels", place.offset, place.offset + 1)


def trailing_backslash(place: Place) -> Iterator[Hit]:
    """A backslash at the end of the file, and lines before that are continued to it."""
    if place.code[place.offset + 1 :] not in _ENDS:
        return
    line = place.code.rfind(b"\n", 0, place.offset) + 1
    edits = [(place.offset, b" ")]
    crlf = place.code.endswith(b"\r\n")
    while place.code[line - 2 : line] == b"\\\n" and not place.code[line : edits[-1][0]].strip():
        edits.append((line - 2, b" "))
        line = place.code.rfind(b"\n", 0, line - 2) + 1
    before = place.code[line : edits[-1][0]]
    indented = bool(before) and not before.strip()
    if place.node.type != "comment" and (crlf or not indented):
        variant = ("before-crlf-indented" if indented else "before-crlf") if crlf else "backslash"
        yield Hit(variant, place.offset, place.offset + 1, {}, tuple(edits))


def _at_margin(code: bytes, line: int) -> bool:
    """Whether the next line with code is not indented."""
    while is_blank(code, line) and line < len(code):
        line = code.find(b"\n", line) + 1 or len(code)
    return line >= len(code) or column_of(code, line) == 0


def _aligned(text: bytes, start: int, before: Indentation) -> tuple[tuple[int, bytes], ...]:
    """A statement that does nothing, with the indentation of an open block, in place of the continued lines."""
    column = max((column for column in before.stack if column + 2 <= len(text)), default=None)
    if column is None:
        return ()
    return ((start, b" " * column + b"0;" + b" " * (len(text) - column - 2)),)
