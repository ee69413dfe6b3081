"""A source line and the caret under its span, in terminal cells: tabs, wide characters and long lines included."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.report.terminal import harmless

_TAB = 4
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """`before + marked + after` is the line as shown; `caret` lies below it, as wide as `marked`."""

    before: str
    marked: str
    after: str
    caret: str


def excerpt_of(line: str, column: int, end_column: int | None, width: int) -> Excerpt:
    """The line in at most `width` cells. Columns from 1 in code points; without `end_column` up to the end."""
    start = min(max(column - 1, 0), len(line))
    end = len(line) if end_column is None else min(max(end_column - 1, start), len(line))
    width = max(width, 20)
    # A minified line may hold megabytes: what is farther than this from the span's beginning is cut anyway.
    first, last = max(0, start - 4 * width), start + 4 * width
    parts = _without_tabs(line[first:last].rstrip(), start - first, end - first)
    before, marked, after = (harmless(part) for part in parts)
    before, marked, after = _fitted(before, marked, after, width)
    return Excerpt(before, marked, after, " " * _cells(before) + "^" * max(_cells(marked), 1))


def _without_tabs(line: str, start: int, end: int) -> tuple[str, str, str]:
    """The three parts with tabs expanded from the line's beginning."""
    if "\t" not in line:
        return line[:start], line[start:end], line[end:]
    parts, filled = ["", "", ""], 0
    for index, character in enumerate(line):
        shown = " " * (_TAB - filled % _TAB) if character == "\t" else character
        filled += _cells(shown)
        parts[(index >= start) + (index >= end)] += shown
    return parts[0], parts[1], parts[2]


def _fitted(before: str, marked: str, after: str, width: int) -> tuple[str, str, str]:
    """Cut around the span: the span's beginning always stays."""
    if _cells(before + marked + after) <= width:
        return before, marked, after
    marked = _head(marked, width * 2 // 3)
    room = width - _cells(marked)
    right = min(_cells(after), max(room // 2, room - _cells(before)))
    return _tail(before, room - right), marked, _head(after, right)


def _head(text: str, width: int) -> str:
    if _cells(text) <= width:
        return text
    return _taken(text, width - 1) + _CUT if width else ""


def _tail(text: str, width: int) -> str:
    if _cells(text) <= width:
        return text
    return _CUT + _taken(text[::-1], width - 1)[::-1] if width else ""


def _taken(text: str, width: int) -> str:
    """As many characters from the left as fit."""
    filled = 0
    for index, character in enumerate(text):
        filled += _cells(character)
        if filled > width:
            return text[:index]
    return text


def _cells(text: str) -> int:
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
