"""Byte offsets of a text to lines and columns in code points, both from 1."""

from __future__ import annotations

import re
from bisect import bisect_right

from compatcheck.model.problems import Span


class Lines:
    """The lines of one text, which end with `\\n`."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", text))]

    def number(self, offset: int) -> int:
        """The line that an offset lies in."""
        return bisect_right(self._starts, offset)

    def bounds(self, line: int) -> tuple[int, int]:
        """The offsets of a line without its end."""
        last = self._starts[line] - 1 if line < len(self._starts) else len(self._text)
        return self._starts[line - 1], last

    def text(self, line: int) -> str:
        """A line without its end."""
        start, end = self.bounds(line)
        return self._text[start:end].decode("utf-8", "replace").rstrip("\r")

    def column(self, line: int, offset: int) -> int:
        """The column of an offset in a line."""
        return len(self._text[self._starts[line - 1] : offset].decode("utf-8", "replace")) + 1

    def span(self, start: int, end: int) -> Span:
        """The span of two offsets; one over several lines ends with its first."""
        line = self.number(start)
        last = min(end, self.bounds(line)[1])
        return Span(line, self.column(line, start), line, self.column(line, max(last, start)))
