"""Characters of identifiers that older Unicode databases do not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.unicode_tables import changes_identifiers

_WORD = re.compile(rb"[\w\x80-\xff]*[\xc2-\xf4][\w\x80-\xff]*")


def newer(code: bytes) -> Iterator[int]:
    """Words with a character that came to identifiers after Python 3.6; also in strings and comments."""
    if code.isascii():
        return iter(())
    suspects = {
        char for char in set(code.decode("utf-8", "replace")) if char > "\x7f" and changes_identifiers(ord(char))
    }
    return _with_any(code, suspects) if suspects else iter(())


def _with_any(code: bytes, suspects: set[str]) -> Iterator[int]:
    for match in _WORD.finditer(code):
        if not suspects.isdisjoint(match[0].decode("utf-8", "replace")):
            yield match.start()
