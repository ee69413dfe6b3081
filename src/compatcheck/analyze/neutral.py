"""Edits that take a construct out of a text without moving anything else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

Edit = tuple[int, bytes]
_LINE_END = re.compile(rb"[^\n]?\n")


class Changed:
    """Which parts of a text edits change; asked often, of many edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        spans = sorted((at, at + len(text)) for at, text in edits)
        self._starts = [start for start, _ in spans]
        self._ends = list(accumulate((end for _, end in spans), max))

    def touches(self, start: int, end: int) -> bool:
        """Whether an edit changes any of the bytes start..end."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._ends[before - 1] > start


def apply(code: bytes, edits: Sequence[Edit]) -> bytes:
    """The text with the edits; each replaces as many bytes as it has."""
    text = bytearray(code)
    for at, new in edits:
        text[at : at + len(new)] = new
    return bytes(text)


def fillings(code: bytes, start: int, end: int) -> Iterator[tuple[Edit, ...]]:
    """Harmless texts in place of the bytes start..end: a name, a statement, nothing."""
    text = code[start:end]
    for word in (b"_", b"pass", b""):
        if len(word) <= len(text.split(b"\n")[0]):
            yield ((start, _filled(text, word)),)


def _filled(text: bytes, word: bytes) -> bytes:
    """The word and blanks, as long as the text, with continued lines where the text has line ends."""
    head, tail = text[: len(word)], text[len(word) :]
    blank = re.sub(rb"[^\n]", b" ", tail)
    return word[: len(head)] + _LINE_END.sub(lambda match: b"\\\n" if len(match[0]) == 2 else b"\n", blank)
