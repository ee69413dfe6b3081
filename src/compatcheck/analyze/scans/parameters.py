"""Where a list of parameters may hold what older Pythons refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SLASH = re.compile(rb"/[ \t\f\n\\]*[,):#]")
_BLANK = b" \t\f\n\\"


def positional_separator(code: bytes) -> Iterator[int]:
    """A slash between a comma and the end of a parameter."""
    return (match.start() for match in _SLASH.finditer(code) if _follows_comma(code, match.start()))


def _follows_comma(code: bytes, slash: int) -> bool:
    at = slash - 1
    while at >= 0 and code[at] in _BLANK:
        at -= 1
    if at < 0 or code[at] == 0x2C:
        return at >= 0
    # After a line's end the character may belong to a comment.
    return b"\n" in code[at:slash] and code.find(b"#", code.rfind(b"\n", 0, at) + 1, at + 1) >= 0
