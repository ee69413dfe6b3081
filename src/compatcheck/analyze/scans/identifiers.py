"""Identifiers that are not ASCII: with characters that older Unicode databases do not know, or that mean others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from compatcheck.analyze.scans.unicode_tables import changes_identifiers

_WORD = re.compile(rb"[\w\x80-\xff]*[\xc2-\xf4][\w\x80-\xff]*")


def newer(code: bytes) -> Iterator[int]:
    """Words with a character that came to identifiers after Python 3.6; also in strings and comments."""
    suspects = {char for char in _characters(code) if changes_identifiers(ord(char))}
    return (at for at, _ in _with_any(code, suspects))


def constants(code: bytes) -> Iterator[int]:
    """Words that become `None`, `True` or `False` when their characters are normalized (NFKC)."""
    return _disguised(code, frozenset({"None", "True", "False"}))


def debug(code: bytes) -> Iterator[int]:
    """The same with `__debug__`."""
    return _disguised(code, frozenset({"__debug__"}))


def _disguised(code: bytes, names: frozenset[str]) -> Iterator[int]:
    suspects = {char for char in _characters(code) if unicodedata.normalize("NFKC", char).isascii()}
    return (at for at, word in _with_any(code, suspects) if unicodedata.normalize("NFKC", word) in names)


@lru_cache(maxsize=1)
def _characters(code: bytes) -> frozenset[str]:
    """The characters that are not ASCII; several rules ask about the same text one after the other."""
    return frozenset() if code.isascii() else frozenset(c for c in set(code.decode("utf-8", "replace")) if c > "\x7f")


def _with_any(code: bytes, suspects: set[str]) -> Iterator[tuple[int, str]]:
    for match in _WORD.finditer(code) if suspects else ():
        word = match[0].decode("utf-8", "replace")
        if not suspects.isdisjoint(word):
            yield match.start(), word
