"""`yield` before what cannot be its value."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPERATOR = re.compile(
    rb"yield(?:(?:[ \t\f]|\\\n)*|(?<=\(yield)\s*)(?:[/%@&|^<>!]|==|(?:and|or|in|is|if|for|async)(?![\w\x80-\xff]))"
)
_NEAR = 200


def before_operator(code: bytes) -> Iterator[int]:
    """Each that begins a line or an expression and has an operator behind it."""
    for match in _OPERATOR.finditer(code):
        before = code[max(0, match.start() - _NEAR) : match.start()].rstrip(b" \t\f\\")
        if not before or before[-1] in b"\n=(:;":
            yield match.start()
