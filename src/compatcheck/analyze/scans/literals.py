"""The string literals of a text, found without a tree: for scans that have to tell raw from cooked and text from code."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from compatcheck.analyze.scans.fstring_reader import read_fstring

# Comments are here because of the quotes in them. What does not end, ends with its line.
_TOKEN = re.compile(
    rb"""\#[^\n]*
    |\"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"
    |'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''
    |"[^"\\\n]*(?:\\.[^"\\\n]*)*"
    |'[^'\\\n]*(?:\\.[^'\\\n]*)*'
    |["'][^\n]*""",
    re.DOTALL | re.VERBOSE,
)
_TRIPLES = ((b'"""', re.compile(rb'"""')), (b"'''", re.compile(rb"'''")))
_PREFIX = re.compile(rb"(?i)(?<![\w\x80-\xff])(?:[rbuft]|br|rb|fr|rf|tr|rt|ur)\Z")


class Literal(NamedTuple):
    """A literal from its prefix to behind its quotes; `prefix` is lower case, `body` is the text between the quotes."""

    start: int
    body: int
    body_end: int
    end: int
    prefix: bytes


def literals(code: bytes) -> Iterator[Literal]:
    """All string literals, in order."""
    at = 0
    while at >= 0:
        again = -1
        for match in _TOKEN.finditer(code, at):
            literal = _literal(code, match)
            if literal is not None:
                yield literal
                if literal.end != match.end():
                    again = literal.end
                    break
        at = again


def around(code: bytes, offsets: Sequence[int]) -> Iterator[tuple[int, Literal]]:
    """Each of the ascending offsets that stands between the quotes of a literal, with the literal."""
    try:
        found = _on_their_lines(code, offsets)
    except _Unclear:
        found = _everywhere(code, offsets)
    for offset, literal in found:
        inner = _innermost(code, literal, offset)
        if inner is not None and inner.body <= offset:
            yield offset, inner


def _innermost(code: bytes, literal: Literal, offset: int) -> Literal | None:
    """The literal itself, or one in its fields, or None when the offset is code in one of them."""
    if b"f" not in literal.prefix and b"t" not in literal.prefix:
        return literal
    formatted = read_fstring(code, literal.start)
    for part in formatted.fields if formatted else ():
        if part.start < offset < part.code_end:
            inside = (_literal(code, match) for match in _TOKEN.finditer(code, part.start + 1, part.code_end))
            inner = next((one for one in inside if one and one.start <= offset < one.end), None)
            return _innermost(code, inner, offset) if inner else None
    return literal


class _Unclear(Exception):
    """A look at single lines does not show what is inside a literal."""


def _everywhere(code: bytes, offsets: Sequence[int]) -> list[tuple[int, Literal]]:
    position, found = 0, []
    for literal in literals(code):
        while position < len(offsets) and offsets[position] < literal.end:
            if offsets[position] >= literal.start:
                found.append((offsets[position], literal))
            position += 1
        if position == len(offsets):
            break
    return found


def _on_their_lines(code: bytes, offsets: Sequence[int]) -> list[tuple[int, Literal]]:
    """The same as _everywhere, reading no more than triple-quoted literals and the lines of the offsets."""
    found, triples = [], _triple_quoted(code)
    ends = [literal.end for literal in triples]
    literal: Literal | None = None
    for offset in offsets:
        if literal is None or offset >= literal.end:
            near = bisect_right(ends, offset)
            if near < len(triples) and triples[near].start <= offset:
                literal = triples[near]
            else:
                literal = _on_line(code, offset, ends[near - 1] if near else 0)
        if literal is not None and literal.start <= offset:
            found.append((offset, literal))
    return found


def _triple_quoted(code: bytes) -> list[Literal]:
    found: list[Literal] = []
    end = 0
    for at in sorted(match.start() for triple in _TRIPLES if triple[0] in code for match in triple[1].finditer(code)):
        if at < end:
            continue
        literal = _on_line(code, at, end)
        if literal is not None and literal.start <= at and literal.end - literal.body_end == 3:
            found.append(literal)
        end = max(end, literal.end) if literal is not None else end
    return found


def _on_line(code: bytes, at: int, known: int) -> Literal | None:
    """The first literal that ends behind `at`, of those that start on its line; `known` and line starts are code."""
    start = max(known, code.rfind(b"\n", 0, at) + 1)
    if start > known and code[start - 2] == 0x5C:
        raise _Unclear
    for match in _TOKEN.finditer(code, start):
        if match.start() > at and match.start() >= start:
            return None
        literal = _literal(code, match)
        if literal is not None and (literal.end != match.end() or literal.body_end < literal.body):
            raise _Unclear
        if match.end() > at:
            return literal
    return None


def _literal(code: bytes, match: re.Match[bytes]) -> Literal | None:
    start, end = match.span()
    if code[start] == 0x23:
        return None
    size = 3 if code[start : start + 3] in (b'"""', b"'''") and end - start >= 6 else 1
    letters = _PREFIX.search(code, max(0, start - 3), start)
    prefix = letters[0].lower() if letters else b""
    if (b"f" in prefix or b"t" in prefix) and code.count(b"{", start, end) != code.count(b"}", start, end):
        # A field that is still open: its own strings use the same quotes.
        formatted = read_fstring(code, start - len(prefix))
        end = formatted.end if formatted else end
    return Literal(start - len(prefix), start + size, end - size, end, prefix)
