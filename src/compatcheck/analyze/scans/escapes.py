"""Backslashes in string literals that some version warns about or refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from compatcheck.analyze.scans.fstring_reader import read_fstring
from compatcheck.analyze.scans.literals import Literal, around

# Everything but the escapes that every literal knows and no version minds.
_SUSPECT = re.compile(
    rb"""\\(?:(?P<octal>[4-7][0-7][0-7])
    |(?P<name>N\{)
    |(?P<malformed>x(?![0-9a-fA-F]{2}))
    |(?P<malformed_unicode>N(?!\{)|u(?![0-9a-fA-F]{4})|U(?!000[0-9a-fA-F]{5}|0010[0-9a-fA-F]{4}))
    |(?P<surrogate>u[dD][89a-fA-F]|U0000[dD][89a-fA-F])
    |(?P<unicode>[uU])
    |(?P<unknown>[^\n\\'\"abfnrtvx0-7NuU\x80-\xff]))""",
    re.VERBOSE,
)
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_ONLY_TEXT = frozenset(("name", "malformed_unicode", "surrogate", "unicode"))


class Escape(NamedTuple):
    """A backslash, what kind of escape it starts, and the literal around it."""

    offset: int
    kind: str
    literal: Literal


def kind_at(code: bytes, offset: int, is_bytes: bool) -> str:
    """The kind of the escape whose backslash stands at `offset`; nothing when all versions read it alike."""
    match = _SUSPECT.match(code, offset)
    kind = match.lastgroup if match else None
    if kind is None:
        return ""
    if is_bytes and kind in _ONLY_TEXT:
        return "unknown"
    return "malformed" if kind == "malformed_unicode" else kind


def invalid(code: bytes) -> Iterator[int]:
    """The first escapes of each literal that mean nothing in it: before a `}`, and others."""
    seen: set[tuple[int, bool]] = set()
    for found in _escapes(code):
        key = (found.literal.start, code[found.offset + 1] == 0x7D)
        if found.kind == "unknown" and key not in seen:
            seen.add(key)
            yield found.offset


def octal(code: bytes) -> Iterator[int]:
    """Octal escapes above `\\377`."""
    return _of_kind(code, "octal")


def names(code: bytes) -> Iterator[int]:
    """`\\N{`."""
    return _of_kind(code, "name")


def malformed(code: bytes) -> Iterator[int]:
    """`\\x`, `\\u` and `\\U` without their digits, `\\N` without a brace."""
    return _of_kind(code, "malformed")


def surrogates(code: bytes) -> Iterator[int]:
    """Escapes of surrogates."""
    return _of_kind(code, "surrogate")


def _of_kind(code: bytes, kind: str) -> Iterator[int]:
    return (found.offset for found in _escapes(code) if found.kind == kind)


@lru_cache(maxsize=1)
def _escapes(code: bytes) -> tuple[Escape, ...]:
    """The suspicious escapes in literals; several rules ask about the same text one after the other."""
    suspects = [match.start() for match in _SUSPECT.finditer(code)]
    return tuple(_in_literals(code, suspects)) if suspects else ()


def _in_literals(code: bytes, suspects: list[int]) -> Iterator[Escape]:
    literal: Literal | None = None
    starts: frozenset[int] = frozenset()
    for offset, around_it in around(code, suspects):
        if around_it != literal:
            literal, starts = around_it, _starts(code, around_it)
        if offset in starts:
            kind = kind_at(code, offset, b"b" in literal.prefix)
            yield Escape(offset, "malformed" if kind == "name" and b"r" in literal.prefix else kind, literal)


def _starts(code: bytes, literal: Literal) -> frozenset[int]:
    """Where escapes start. A raw f-string has some only for 3.12 and 3.13, which read those in its format specs."""
    spans = [(literal.body, literal.body_end)]
    if b"r" in literal.prefix:
        formatted = read_fstring(code, literal.start) if b"f" in literal.prefix else None
        spans = [(part.head_end, part.end - 1) for part in formatted.fields] if formatted else []
    return frozenset(match.start() for start, end in spans for match in _ESCAPE.finditer(code, start, end))
