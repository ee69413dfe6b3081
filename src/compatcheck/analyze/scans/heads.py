"""In which blocks a line stands, by walking up the lines that are indented less; and whether words are prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from compatcheck.analyze.words import WORD

_HEAD = re.compile(rb"(?:async(?:[ \t\f]|\\\n)+)?(def|class|for|while)(?![\w\x80-\xff])")
_INDENT = re.compile(rb"[ \t]*")
_WORDS = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*|[^ \t]")
_OPERATOR_WORDS = frozenset(
    b"and or not in is if else for lambda await async from yield as import return del type match case lazy".split()
)
_NO_PROSE = (b'"', b"'", b"#", b"\\", b";")
_NO_OPEN_STRING = re.compile(rb"""[^"'#]*(?:(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^"'#]*)*""")
_MOST_LINES = 20_000
_LONGEST_HEAD = 4_000


class Head(NamedTuple):
    """The first line of a block around a place: its kind (`def`, `class`, `for`, `while`), whether it says `async`,
    and the start of the line.
    """

    kind: bytes
    is_async: bool
    start: int


NO_HEAD = Head(b"", False, -1)


def line_start(code: bytes, at: int) -> int:
    return code.rfind(b"\n", 0, at) + 1


def before(code: bytes, at: int) -> bytes:
    """The line of a place, up to it."""
    return code[code.rfind(b"\n", 0, at) + 1 : at]


def indent_at(code: bytes, start: int) -> bytes:
    """The blanks that the line begins with that begins here."""
    match = _INDENT.match(code, start)
    return match[0] if match else b""


def heads(code: bytes, at: int) -> Iterator[Head]:
    """The heads around a place, innermost first; fewer than there are where lines in strings are indented less."""
    start = line_start(code, at)
    indent = indent_at(code, start)
    for _ in range(_MOST_LINES):
        if not start or not indent:
            return
        start = code.rfind(b"\n", 0, start - 1) + 1
        if code.startswith(indent, start):
            continue
        blanks = indent_at(code, start)
        first = code[start + len(blanks) : start + len(blanks) + 1]
        if first in b"\n\f#)]}":
            continue
        if len(blanks) >= len(indent):
            return  # tabs against blanks
        indent = blanks
        match = _HEAD.match(code, start + len(blanks))
        if match and _opens_block(code, start, at):
            yield Head(match[1], match[0].startswith(b"async"), start)


def own_head(code: bytes, at: int) -> bytes:
    """The kind of the head that the place's own line begins with, as in `def f(): return`; nothing where it has none."""
    start = line_start(code, at)
    match = _HEAD.match(code, start + len(indent_at(code, start)), at)
    return match[1] if match else b""


def innermost(code: bytes, at: int, *kinds: bytes) -> Head:
    """The nearest head of these kinds."""
    return next((head for head in heads(code, at) if head.kind in kinds), NO_HEAD)


def _opens_block(code: bytes, start: int, at: int) -> bool:
    """Whether a line that begins like a head is one, and no string stands open between it and the place."""
    end = code.find(b"\n", start)
    line = code[start:end]
    if b":" not in line and not line.rstrip().endswith((b"(", b"[", b"{", b",", b"\\")):
        return False
    return not (code.count(b'"""', start, at) % 2 or code.count(b"'''", start, at) % 2)


def in_own_head(code: bytes, head: Head, at: int) -> bool:
    """Whether the place may stand in the head itself: before the colon that ends its line."""
    return head.start >= 0 and at - head.start < _LONGEST_HEAD and b":\n" not in code[head.start : at]


def begins_statement(code: bytes, at: int) -> bool:
    """Whether nothing, or another statement, stands before the place in its line."""
    stripped = before(code, at).strip()
    return not stripped or (stripped.endswith((b":", b";")) and not in_string(stripped))


def in_string(line: bytes) -> bool:
    """Whether a line ends, so far, in a comment or in a string that began in it."""
    if b'"""' in line or b"'''" in line:
        return False
    return (b'"' in line or b"'" in line or b"#" in line) and not _NO_OPEN_STRING.fullmatch(line)


def statements(code: bytes, word: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where a statement seems to begin with the word."""
    for at in words(code, word, start, end):
        if begins_statement(code, at) and not is_prose(code, at + len(word)):
            yield at


def words(code: bytes, word: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Where the word stands between two places."""
    stop, length = len(code) if end is None else end, len(word)
    at = code.find(word, start, stop)
    while at >= 0:
        after = at + length
        if not (at and code[at - 1] in WORD) and not (after < len(code) and code[after] in WORD):
            yield at
        at = code.find(word, after, stop)


def is_prose(code: bytes, at: int) -> bool:
    """Whether two words stand side by side in the rest of the line, as in no expression."""
    end = code.find(b"\n", at)
    operand = False
    for match in _WORDS.finditer(code, at, end if end >= 0 else len(code)):
        text = match[0]
        if text in _NO_PROSE:
            return False
        word = (text[0] in WORD and not text.isdigit()) and text not in _OPERATOR_WORDS
        if word and operand:
            return True
        operand = word
    return False
