"""Byte offsets of a text to lines and columns for people."""

from __future__ import annotations

import re
from bisect import bisect_right

from compatcheck.model.problems import Span

_NEWLINE = re.compile(rb"\n")
_LONGEST_EXCERPT = 2_000


class Places:
    """Looks up lines of one text; the line table is made when the first place is asked for."""

    def __init__(self, code: bytes) -> None:
        self._code = code
        self._starts: list[int] | None = None
        self._last = (0, 0, 1)
        self._line = (0, "")

    def span(self, start: int, end: int) -> Span:
        """The span of the bytes start..end (end exclusive)."""
        line, column = self.position(start)
        last = self._last
        end_line, end_column = self.position(max(start, end))
        self._last = last  # spans come by their starts; their ends overlap
        return Span(line, column, end_line, end_column)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1; the column counts code points."""
        starts = self._table()
        line = bisect_right(starts, offset)
        known, column = starts[line - 1], 1
        # Lines of a megabyte exist; whoever asks for many places of one asks from left to right.
        if self._last[0] == line and self._last[1] <= offset:
            _, known, column = self._last
        column += _code_points(self._code[known:offset])
        self._last = (line, offset, column)
        return line, column

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and a column in code points, both from 1; clamped to the text."""
        starts = self._table()
        if line > len(starts):
            return len(self._code)
        text = self.line(line)
        return starts[max(line, 1) - 1] + len(text[: max(column, 1) - 1].encode("utf-8", "surrogatepass"))

    def line(self, number: int) -> str:
        """The text of line `number`, without its end; the same object when asked again at once."""
        starts = self._table()
        if not 1 <= number <= len(starts):
            return ""
        if self._line[0] != number:
            end = starts[number] - 1 if number < len(starts) else len(self._code)
            self._line = (number, self._code[starts[number - 1] : end].decode("utf-8", "replace"))
        return self._line[1]

    def excerpt(self, number: int) -> str | None:
        """The line to be shown; None for one so long that a report with all its problems would not fit into memory."""
        line = self.line(number)
        return line if len(line) <= _LONGEST_EXCERPT else None

    def _table(self) -> list[int]:
        if self._starts is None:
            self._starts = [0, *(match.end() for match in _NEWLINE.finditer(self._code))]
        return self._starts


def _code_points(text: bytes) -> int:
    return len(text) if text.isascii() else len(text.decode("utf-8", "replace"))
