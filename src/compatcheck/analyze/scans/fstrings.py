"""f-strings worth a look: those with something in a field that only some versions read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compatcheck.analyze.scans.fstring_oddities import NEWER, oddities
from compatcheck.analyze.scans.fstring_reader import read_fstring
from compatcheck.analyze.scans.fstring_structure import FString
from compatcheck.analyze.scans.literals import around

_F = (re.compile(rb"f[rR]?(\"\"\"|'''|\"|')"), re.compile(rb"F[rR]?(\"\"\"|'''|\"|')"))
# A letter or quotes before it: the end of a name or of a string. A literal that follows another comes with that.
_T = tuple(
    re.compile(
        rb"%b[rR]?[\"'](?<![A-Za-qs-zA-QS-Z0-9_\x80-\xff\\\"']%b[\"'])(?<![\w\x80-\xff\\\"']%b[rR][\"'])" % (t, t, t)
    )
    for t in (b"t", b"T")
)
_NAME = re.compile(rb"[\w\x80-\xff]")
_NAME_OR_QUOTE = re.compile(rb"[\w\x80-\xff\"']")


def _clean(quote: bytes) -> re.Pattern[bytes]:
    """The rest of a literal that every version reads alike: no backslash, brace, comment or `!x ` in its fields."""
    kind, other = quote[:1], b"'" if quote[:1] == b'"' else b'"'
    line = rb"\n" if len(quote) == 1 else b""
    text = rb"[^%b\\{}%b]*" % (kind, line)
    inner = rb"[^\"'\\{}#!%b]*" % line
    strings = rb"%b%b%b" % (other, inner, other)
    if not line:
        strings += rb"|%b(?!%b)%b%b" % (kind, kind * 2, inner, kind)
        text = rb"(?:%b|%b(?!%b))*" % (text[:-1], kind, kind * 2)
    part = rb"%b(?:(?:%b)%b)*" % (inner, strings, inner)
    field = rb"\{%b(?:\}|![rsa](?:\}|:%b\}))" % (part, part)
    return re.compile(rb"%b(?:(?:\{\{|\}\}|\\[^N{}]|%b)%b)*%b" % (text, field, text, quote))


_NEWER_OR_DEEP = NEWER | {"too-deep"}
_REST = {quote: _clean(quote) for quote in (b'"', b"'", b'"""', b"'''")}


def newer(code: bytes) -> Iterator[int]:
    """f-strings with something that came with PEP 701, or is nested too deep."""
    for start, found in _suspects(code):
        if any(odd.name in _NEWER_OR_DEEP for odd in oddities(code, found)):
            yield start


def older(code: bytes) -> Iterator[int]:
    """f-strings with something that the newest versions refuse."""
    for start, found in _suspects(code):
        if found.doubled or any(odd.name not in _NEWER_OR_DEEP for odd in oddities(code, found)):
            yield start


def templates(code: bytes) -> Iterator[int]:
    """What may be a t-string."""
    starts = [_prefix_start(code, match.start(), _NAME_OR_QUOTE) for pattern in _T for match in pattern.finditer(code)]
    inside = {offset for offset, _ in around(code, sorted(starts))} if starts else set()
    return (start for start in starts if start >= 0 and start not in inside and _read(code, start))


@lru_cache(maxsize=1)
def _suspects(code: bytes) -> tuple[tuple[int, FString], ...]:
    """Several rules ask about the same text one after the other."""
    return tuple(_read_suspects(code))


def _read_suspects(code: bytes) -> Iterator[tuple[int, FString]]:
    for pattern in _F:
        for match in pattern.finditer(code):
            rest = _REST[match[1]].match(code, match.end())
            if rest and b"for" not in rest[0]:
                continue
            start = _prefix_start(code, match.start())
            found = _read(code, start) if start >= 0 else None
            if found:
                yield start, found


def _read(code: bytes, start: int) -> FString | None:
    return read_fstring(code, start) or read_fstring(code, start, doubled_is_text=True)


def _prefix_start(code: bytes, at: int, unless: re.Pattern[bytes] = _NAME) -> int:
    """Where the literal starts whose `f` or `t` stands at `at`; -1 when the letter ends a name."""
    before = code[at - 1 : at] if at else b""
    if before in (b"r", b"R") and code[at + 1 : at + 2] not in (b"r", b"R"):
        at -= 1
        before = code[at - 1 : at] if at else b""
    return -1 if before and unless.match(before) else at
