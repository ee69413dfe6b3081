"""A file's text with the places in it, and the comments in it that speak to compatcheck."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from compatcheck.model.comments import parsed
from compatcheck.model.declared import Place
from compatcheck.model.problems import Comment, Span


class Text:
    """The text of one file. Offsets count characters, a byte order mark not among them. Raises UnicodeDecodeError."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.name = path.rpartition("/")[2]
        self.marked = data.startswith(b"\xef\xbb\xbf")
        self.text = data.decode("utf-8-sig")

    @cached_property
    def starts(self) -> list[int]:
        """The offset of each line."""
        return [0, *(at + 1 for at, char in enumerate(self.text) if char == "\n")]

    @cached_property
    def _bytes(self) -> list[int] | None:
        """The byte offset of each character, where they differ."""
        if self.text.isascii():
            return None
        sizes, at = [], 0
        for char in self.text:
            sizes.append(at)
            at += len(char.encode("utf-8", "surrogatepass"))
        return [*sizes, at]

    def at_byte(self, offset: int) -> int:
        """The character that begins at a byte of the UTF-8 text."""
        return offset if self._bytes is None else bisect_right(self._bytes, offset) - 1

    def offset(self, line: int, column: int) -> int:
        """From a line and a column, both from 0."""
        return self.starts[line] + column

    def place(self, start: int, end: int) -> Place:
        line, last = bisect_right(self.starts, start), bisect_right(self.starts, max(start, end - 1))
        begin = self.starts[line - 1]
        excerpt = self.text[begin:].split("\n", 1)[0] if line == len(self.starts) else self._line(line)
        span = Span(line, start - begin + 1, last, end - self.starts[last - 1] + 1)
        return Place(self.path, start, end, span, excerpt.rstrip("\r"))

    def _line(self, line: int) -> str:
        return self.text[self.starts[line - 1] : self.starts[line] - 1]


_MARK = re.compile(r"#[ \t]*compatcheck:(?P<said>[^\n]*)")


def comments_of(text: Text) -> tuple[Comment, ...]:
    """The `# compatcheck: …` comments of TOML, YAML, INI and requirements; on a line of its own one speaks for the next."""
    found = []
    for match in _MARK.finditer(text.text):
        place = text.place(match.start(), match.end())
        action, names = parsed(match["said"])
        assert place.span is not None
        line = place.span.line
        if action == "ignore-file":
            lines = (1, len(text.starts))
        elif not place.excerpt[: place.span.column - 1].strip():
            lines = (line, line + 1)
        else:
            lines = (line, line)
        found.append(Comment(action, names, place.span, match[0].rstrip(), lines))
    return tuple(found)
