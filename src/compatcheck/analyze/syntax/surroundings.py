"""What stands around a place, as tokens: for forms that the tree's grammar misreads or does not know."""

from __future__ import annotations

import re

from compatcheck.analyze.scans.tokens import Level, LevelReader
from compatcheck.analyze.syntax.place import TEXT, Place, is_code
from compatcheck.analyze.tree import ancestors

_TOP_LEVEL = (b"\ndef ", b"\nclass ", b"\nasync def ")
_NAME = re.compile(rb"[\w\x80-\xff]")
_FIELDS = ("interpolation", "format_expression")
_BODIES = frozenset({"module", "block"})


def is_word(place: Place, word: bytes) -> bool:
    """Whether the word begins at the place and is no part of a longer one, be it in code or not."""
    code, start = place.code, place.offset
    end = start + len(word)
    return (
        code.startswith(word, start) and not _NAME.match(code, end) and not _NAME.match(code, max(start - 1, 0), start)
    )


def surroundings(place: Place) -> list[Level]:
    """The brackets open at the place, outermost first, beginning with its statement (or f-string field).

    In a comment or string it is as if a `#` stood before.
    """
    return around_code(place) or [Level(b"", place.offset, [(b"#", place.offset)])]


def around_code(place: Place) -> list[Level]:
    """The same; nothing where the place is no code. The tree alone does not tell: it leaves out some comments."""
    if not is_code(place):
        return []
    found = _reader(place).levels(place.offset)
    place.tree.look(sum(len(level.tokens) for level in found))
    return found


def _reader(place: Place) -> LevelReader:
    """The one that has read on from the place's statement to here, or a new one."""
    start = _statement_start(place)
    reader = place.tree.readers.get(start)
    if reader is None or reader.at > place.offset:
        place.tree.readers = {start: (reader := LevelReader(place.code, start))}
    return reader


def blanked(code: bytes, start: int, end: int, word: bytes = b"") -> tuple[int, bytes]:
    """An edit that leaves a word, blanks and line ends of the bytes start..end."""
    return start, word + re.sub(rb"[^\n]", b" ", code[start + len(word) : end])


def _statement_start(place: Place) -> int:
    """Where to begin to read: at the statement, or farther above where the tree is broken."""
    child = place.node
    if child.type in _FIELDS:
        return child.start_byte + 1
    broken = False
    for parent in ancestors(place.node):
        if parent.type in _FIELDS:
            return parent.start_byte + 1
        if parent.type in _BODIES:
            break
        broken |= parent.type == "ERROR"
        child = parent
    before = child.prev_sibling
    if broken or child.type == "ERROR" or (before is not None and before.has_error):
        return max(_last_in_code(place, word) for word in _TOP_LEVEL)
    return child.start_byte


def _last_in_code(place: Place, word: bytes) -> int:
    """Where the last line above begins with the word that stands in no string; 0 where none does."""
    at = place.code.rfind(word, 0, place.offset)
    while at >= 0 and place.tree.node_at(at + 1).type in TEXT:
        at = place.code.rfind(word, 0, at)
    return at + 1
