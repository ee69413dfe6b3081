"""Lines whose indentation is unusual: deep ones, and those that a backslash continues before they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_CONTINUED = re.compile(rb"\\\n(?<=[ \t\f\n]\\\n)")
_LEVELS = 99  # CPython's limit of indentations
_BLOCKS = 9  # an `except` counts twice
_BLOCK = re.compile(rb"[ \t]*((?:async[ \t]+)?(?:for|while|with|try)(?![\w\x80-\xff]))")
# By how a file's first block is indented: what its tenth block's lines begin with.
_DEEP = {
    blank * width: b"\n" + blank * width * _BLOCKS
    for blank, width in ((b" ", 1), (b" ", 2), (b" ", 3), (b" ", 4), (b"\t", 1))
}
_INDENT = re.compile(rb"[ \t\f]*")
_BLANK_LINE = re.compile(rb"[ \t\f]*(?:#[^\n]*)?(?:\n|\Z)")


def backslash_lines(code: bytes) -> Iterator[int]:
    """The first backslash of lines that hold nothing else, where the line before has none at its end."""
    if code.startswith(b"\\\n"):
        yield 0
    for match in _CONTINUED.finditer(code):
        at = match.start()
        start = code.rfind(b"\n", 0, at) + 1
        if (at == start or code[start:at].isspace()) and code[start - 2 : start] != b"\\\n" and at:
            yield at


def deep_lines(code: bytes) -> Iterator[int]:
    """The first line that is indented below as many others as no CPython reads."""
    for blank in (b" ", b"\t"):
        at = code.find(b"\n" + blank * _LEVELS)
        while at >= 0:
            if _levels(code, at + 1) > _LEVELS and not is_blank(code, at + 1):
                yield at + 1 + len(blanks(code, at + 1))
                return
            at = code.find(b"\n" + blank * _LEVELS, at + 1)


def deep_blocks(code: bytes) -> Iterator[int]:
    """Loops, `with` and `try` that may stand in twenty others."""
    first = code.find(b":\n ")
    unit = blanks(code, (first if first >= 0 else code.find(b":\n\t")) + 2)[:4]
    if unit not in _DEEP:
        unit = b" " * 4
    start = _DEEP[unit]
    at = code.find(start)
    while at >= 0:
        match = _BLOCK.match(code, at + len(start))
        if match and _levels(code, at + 1) >= _BLOCKS:
            yield match.start(1)
        at = code.find(start, at + len(start))


def _levels(code: bytes, line: int) -> int:
    """How many lines above are indented less and less, up to the margin."""
    width, levels = _width(code, line), 0
    while line and width:
        line = code.rfind(b"\n", 0, line - 1) + 1
        if not _BLANK_LINE.match(code, line) and (above := _width(code, line)) < width:
            width, levels = above, levels + 1
    return levels


def blanks(code: bytes, line: int) -> bytes:
    """What the line that begins here is indented with."""
    match = _INDENT.match(code, line)
    return match[0] if match else b""


def _width(code: bytes, line: int) -> int:
    return column(blanks(code, line))


def column(blank: bytes, tab: int = 8) -> int:
    """Where code stands behind these blanks: a form feed begins the line anew."""
    return len(blank.rpartition(b"\f")[2].expandtabs(tab))


@dataclass(slots=True)
class Indentation:
    """The columns of the blocks that are open before a line, with those that tabs of one blank give, and whether a
    block must begin there.
    """

    stack: list[int] = field(default_factory=lambda: [0])
    narrow: list[int] = field(default_factory=lambda: [0])
    expected: bool = False

    def fits(self, column: int) -> bool:
        return column > self.stack[-1] if self.expected else column in self.stack

    def agrees(self, column: int, narrow: int) -> bool:
        """Whether a line that fits has the tabs of its block."""
        return self.expected or (column, narrow) in zip(self.stack, self.narrow, strict=True)

    def move(self, column: int, narrow: int) -> None:
        if self.expected:
            self.stack.append(column)
            self.narrow.append(narrow)
        while column < self.stack[-1]:
            self.stack.pop()
            self.narrow.pop()


def indentation_before(code: bytes, offset: int) -> Indentation:
    """The indentation before the line of `offset`, as the newest Python sees it; None of this is for broken texts."""
    state, depth, first, last = Indentation(), 0, True, b""
    for token, at in tokens(code, 0):
        if at >= offset:
            break
        depth += (token in OPENERS) - (token in CLOSERS)
        if token == b"\n":
            if not depth and not first:
                state.expected, first = last == b":", True
        elif first:
            state.move(column_of(code, at), narrow_of(code, at))
            first = False
        last = token
    return state


def narrow_of(code: bytes, at: int) -> int:
    """The same as `column_of` with tabs of one blank; of a line that a backslash continues, CPython forgets its tabs."""
    start = code.rfind(b"\n", 0, at) + 1
    if start and code[start - 2 : start] == b"\\\n":
        return column_of(code, at)
    return column(blanks(code, start), tab=1)


def column_of(code: bytes, at: int) -> int:
    """The indentation of the statement that begins at `at`: of the first of its lines that has any."""
    start = code.rfind(b"\n", 0, at) + 1
    column = _width(code, start)
    while start and code[start - 2 : start] == b"\\\n":
        start = code.rfind(b"\n", 0, start - 1) + 1
        column = _width(code, start) or column
    return column


def is_blank(code: bytes, line: int) -> bool:
    """Whether the line that begins here holds no code."""
    return _BLANK_LINE.match(code, line) is not None
