"""A text without what its strings and comments say, of the same length: for a second, exact look at suspicious ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache, wraps

_STRING_OR_COMMENT = re.compile(
    rb"\#[^\n]*|([rRbBuUfFtT]{0,2})(?:\"\"\"(?:[^\\\"]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^\\']|\\.|'(?!''))*'''"
    rb"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')",
    re.DOTALL,
)


@lru_cache(maxsize=1)
def blanked(code: bytes) -> bytes:
    """Strings are empty and on one line, formatted ones only on one line; comments are blanks."""
    return _STRING_OR_COMMENT.sub(_blank, code)


def _blank(match: re.Match[bytes]) -> bytes:
    text = match[0]
    if text.startswith(b"#"):
        return b" " * len(text)
    if match[1].strip(b"rRbBuU"):
        return text.replace(b"\n", b" ")
    return b'"' + b" " * (len(text) - 2) + b'"'


def confirmed(scan: Callable[[bytes], Iterable[int]]) -> Callable[[bytes], Iterable[int]]:
    """The scan, repeated without strings and comments where it finds something."""

    @wraps(scan)
    def search(code: bytes) -> Iterable[int]:
        return list(scan(blanked(code))) if any(True for _ in scan(code)) else ()

    return search
