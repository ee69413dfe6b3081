"""Where a text is silent: comments and plain strings, read by one pattern. Fields of f-strings are code."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

# Unrolled: every repetition is over a set of characters, which takes nanoseconds a byte.
_SILENT = re.compile(
    rb'#[^\n]*'
    rb'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    rb"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    rb'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    rb"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'",
    re.DOTALL,
)  # fmt: skip
_PREFIX = frozenset(b"rRbBuUfFtT")
_FORMATS = frozenset(b"fFtT")


class Quiet:
    """Comments and strings of one text. `reliable` is False where strings may be other than they look: those that only
    newer versions read as one (PEP 701). Then nothing is silent.
    """

    def __init__(self, code: bytes) -> None:
        self.reliable = True
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._speaking: list[bool] = []
        for match in _SILENT.finditer(code):
            start, end = match.span()
            speaking = code[start] != 0x23 and _is_format(code, start)
            if speaking and code.count(b"{", start, end) != code.count(b"}", start, end):
                self.reliable = False
                return
            self._starts.append(start)
            self._ends.append(end)
            self._speaking.append(speaking)

    def covers(self, at: int) -> bool:
        """Whether the place is in a comment or a plain string: surely no code."""
        index = self._index(at)
        return index >= 0 and not self._speaking[index]

    def span(self, at: int) -> tuple[int, int] | None:
        """The comment or plain string around the place, quotes included."""
        index = self._index(at)
        return (self._starts[index], self._ends[index]) if index >= 0 and not self._speaking[index] else None

    def hides(self, at: int) -> bool:
        """The same, f-strings included: brackets there are nobody's outside."""
        return self._index(at) >= 0

    def _index(self, at: int) -> int:
        if not self.reliable:
            return -1
        index = bisect_right(self._starts, at) - 1
        return index if index >= 0 and at < self._ends[index] else -1


@lru_cache(maxsize=2)
def quiet(code: bytes) -> Quiet:
    """Of a text, once."""
    return Quiet(code)


def _is_format(code: bytes, start: int) -> bool:
    for at in (start - 1, start - 2):
        if at < 0 or code[at] not in _PREFIX:
            return False
        if code[at] in _FORMATS:
            return True
    return False
