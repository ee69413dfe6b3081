"""Where a call or a list of parameters may be one that some Python refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

_MANY = 255
_COMMA = re.compile(rb",")
# No such line begins inside brackets. One in a string that is an argument misleads; that is taken as never.
_STATEMENT = re.compile(
    rb"\n[ \t\f]*(?:def|class|return|import|raise|try|while|with|del|pass|assert|global|nonlocal|break|continue|except"
    rb"|finally|elif)(?![\w\x80-\xff])"
)
_NEAR = 2000
_BLANK = b" \t\f\n\\"
_AFTER_BRACKET = re.compile(rb"\)\s*(=)(?!=)")
_AFTER_COMMENT = re.compile(rb"\)[ \t\f]*(?:#[^\n]*|\\)\n(?:\s|#[^\n]*\n|\\\n)*(=)(?!=)")


def parenthesised_keyword(code: bytes) -> Iterator[int]:
    """Equals signs behind `(name)` where that begins an argument."""
    for pattern in (_AFTER_BRACKET, _AFTER_COMMENT):
        for match in pattern.finditer(code):
            if _begins_argument(code, match.start()):
                yield match.start(1)


def many(code: bytes) -> Iterator[int]:
    """A comma in each bracket that may hold more than 255 elements."""
    commas = islice(_COMMA.finditer(code), _MANY - 1, None, _MANY)
    return (match.start() for match in commas if _in_long_statement(code, match.start()))


def _begins_argument(code: bytes, closer: int) -> bool:
    """Whether nothing but a name stands in the brackets that close there, and they begin an argument."""
    end = closer
    while end and (code[end] == 0x29 or code[end] in _BLANK):
        end -= 1
    start = end
    while start >= 0 and (code[start : start + 1].isalnum() or code[start] == 0x5F or code[start] >= 0x80):
        start -= 1
    depth = 0
    while start >= 0 and (code[start] == 0x28 or code[start] in _BLANK):
        depth += code[start] == 0x28
        start -= 1
    commented = b"\n" in code[start:closer] and b"#" in code[code.rfind(b"\n", 0, max(start, 0)) + 1 : closer]
    return commented or depth > 1 or (depth == 1 and start >= 0 and code[start] == 0x2C)


def _in_long_statement(code: bytes, at: int) -> bool:
    """Whether 255 commas fit between the statements that are seen to begin before and after the place."""
    start = max((match.end() for match in _STATEMENT.finditer(code, max(0, at - _NEAR), at)), default=None)
    after = _STATEMENT.search(code, at, at + _NEAR)
    return start is None or after is None or code.count(b",", start, after.start()) >= _MANY
