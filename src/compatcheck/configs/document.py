"""A parsed configuration: plain values, and for each of them the place in the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from compatcheck.model.problems import Span

Path = tuple["str | int", ...]
_LONGEST_EXCERPT = 2_000  # characters of a line; a minified file has one line


@dataclass(slots=True)
class Node:
    """The place of one value: offsets into the text, the end exclusive.

    `items` are the places inside; `source` is how a plain scalar that is no text was written (`no`, `3.10`).
    """

    start: int
    end: int
    items: dict[str, Entry] | list[Node] | None = None
    source: str | None = None


class Entry(NamedTuple):
    """A key's place and its value's."""

    start: int
    end: int
    node: Node


@dataclass(frozen=True)
class Text:
    """Decoded text; offsets to lines and columns."""

    text: str
    _starts: list[int] = field(default_factory=list)

    def span(self, start: int, end: int) -> Span:
        """The span of offsets; one that goes over several lines ends with its first."""
        line, column = self._position(start)
        stop = min(max(end, start + 1), self._end_of(line))
        return Span(line, column, line, max(column + 1, column + stop - start))

    def line(self, number: int) -> str:
        """A line (from 1) without its end."""
        start = self._lines[number - 1]
        return self.text[start : min(self._end_of(number), start + _LONGEST_EXCERPT)]

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a place; lines beyond the text are its last."""
        starts = self._lines
        return min(starts[min(max(line, 1), len(starts)) - 1] + column - 1, len(self.text))

    def _position(self, offset: int) -> tuple[int, int]:
        starts = self._lines
        line = bisect_right(starts, min(max(offset, 0), len(self.text)))
        return line, offset - starts[line - 1] + 1

    def _end_of(self, line: int) -> int:
        starts = self._lines
        end = starts[line] if line < len(starts) else len(self.text)
        return end - len(self.text[starts[line - 1] : end]) + len(self.text[starts[line - 1] : end].rstrip("\r\n"))

    @property
    def _lines(self) -> list[int]:
        if not self._starts:
            self._starts.extend(_line_starts(self.text))
        return self._starts


def _line_starts(text: str) -> Iterator[int]:
    """Lines as editors count them: `\\n`, `\\r\\n` and a lone `\\r` end one."""
    yield 0
    end = "\n" if "\r" not in text else r"\r\n?|\n"
    yield from (found.end() for found in re.finditer(end, text))


@dataclass(frozen=True)
class Document:
    """One file's text, value and places."""

    text: Text
    value: Any
    root: Node

    def span(self, path: Iterable[str | int], *, key: bool = False) -> Span:
        """The place of what stands at a path, or of its key; where the path ends early, of what is there."""
        start, end = self._offsets(tuple(path), key)
        return self.text.span(start, end)

    def source(self, path: Iterable[str | int]) -> str | None:
        """How the scalar at the path was written, when that is not its value."""
        node: Node | None = self.root
        for step in path:
            node = _inner(node.items, step) if node is not None else None
        return node.source if node is not None else None

    def _offsets(self, path: Path, key: bool) -> tuple[int, int]:
        node, found = self.root, (self.root.start, self.root.end)
        for index, step in enumerate(path):
            inner = _inner(node.items, step)
            if inner is None:
                return found
            wants_key = isinstance(node.items, dict) and (key or inner.items is not None or index < len(path) - 1)
            if wants_key and isinstance(node.items, dict):
                entry = node.items[str(step)]
                found = (entry.start, entry.end)
            else:
                found = (inner.start, inner.end)
            node = inner
        return found


def _inner(items: Mapping[str, Entry] | list[Node] | None, step: str | int) -> Node | None:
    if isinstance(items, dict):
        entry = items.get(str(step))
        return entry.node if entry is not None else None
    if isinstance(items, list) and isinstance(step, int) and 0 <= step < len(items):
        return items[step]
    return None


def shown(path: Iterable[str | int]) -> str:
    """`db_schema.tasks.columns[2].type`; keys that are no plain words in quotes."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and all(char.isalnum() or char in "_-/$" for char in step):
            text += f".{step}" if text else step
        else:
            text += f'["{step[:80]}"]'
    return text
