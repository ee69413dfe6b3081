"""A text by indentation: where functions lie, and what is outside of them.

Only ever too suspicious: a line inside a string or a bracket can end a function too early, nothing makes one longer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import lru_cache

# A repetition before a literal is fast; before a choice it is tried anew at each of its characters.
_DEF = re.compile(rb"\n[ \t]*def[ \t\f\\]")
_ASYNC_DEF = re.compile(rb"\n[ \t]*async(?:[ \t\f]|\\\n)+def[ \t\f\\]")
_CLASS = re.compile(rb"[ \t]*class[ \t\f\\]")
_NO_BLANK = re.compile(rb"[^ \t]")
_QUOTES = (b'"""', b"'''")


@dataclass(slots=True)
class Outline:
    """The functions that stand in no other, in order, and the spans of code outside of functions: at module level
    and in classes, those in functions included.
    """

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    coroutines: list[bool] = field(default_factory=list)
    outside: list[tuple[int, int]] = field(default_factory=list)

    def spans_with(self, code: bytes, word: bytes) -> list[tuple[int, int]]:
        """The spans outside of functions that hold the word, or a longer one."""
        find = code.find
        return [span for span in self.outside if find(word, *span) >= 0]

    def function_at(self, at: int) -> int:
        """The index of the function that holds the place, -1 for none."""
        index = bisect_right(self.starts, at) - 1
        return index if index >= 0 and at < self.ends[index] else -1


@lru_cache(maxsize=2)
def outline(code: bytes) -> Outline:
    """The outline of a text."""
    # With an additional line's end before it: a line begins in the code where its line's end is in the text.
    text = b"\n" + code
    found = Outline()
    _collect(text, 0, len(text), found)
    for start, end in zip(found.starts, found.ends, strict=True):
        if text.find(b"class", start, end) >= 0:
            _add_classes(text, start, end, found.outside)
    return found


def _collect(text: bytes, start: int, stop: int, found: Outline) -> None:
    """Functions between two places, and what is between them."""
    at = start
    plain = _DEF.search(text, at, stop)
    coroutine = _ASYNC_DEF.search(text, at, stop) if b"async" in text else None
    while match := _first(plain, coroutine):
        begin = match.start()
        end = _end(text, match[0], match.end(), stop)
        if begin > at:
            end = min(end, _end_of_string(text, at, begin, end))
            found.outside.append((at, begin))
        found.starts.append(begin)
        found.ends.append(end)
        found.coroutines.append(match is coroutine)
        at = end
        if plain is not None and plain.start() < at:
            plain = _DEF.search(text, at, stop)
        if coroutine is not None and coroutine.start() < at:
            coroutine = _ASYNC_DEF.search(text, at, stop)
    found.outside.append((at, stop - 1))


def _first(plain: re.Match[bytes] | None, coroutine: re.Match[bytes] | None) -> re.Match[bytes] | None:
    if plain is None or coroutine is None:
        return plain or coroutine
    return plain if plain.start() < coroutine.start() else coroutine


def _end(text: bytes, head: bytes, start: int, stop: int) -> int:
    """Where the block ends whose head begins like this: before the first line that is indented no more."""
    match = _end_after(head).search(text, start, stop)
    return match.start() if match else stop - 1


@lru_cache(maxsize=256)
def _end_after(head: bytes) -> re.Pattern[bytes]:
    return end_of_block(indent_of(head[1:]))


def indent_of(line: bytes) -> bytes:
    """The blanks that a line begins with."""
    match = _NO_BLANK.search(line)
    return line[: match.start()] if match else line


@lru_cache(maxsize=256)
def end_of_block(indent: bytes) -> re.Pattern[bytes]:
    """The end of a line before one that is not indented more, is no comment, and closes no bracket."""
    return re.compile(rb"\n(?!" + indent + rb"[ \t]|[ \t\f]*(?:[\n#)\]}]|\Z))")


def _end_of_string(text: bytes, start: int, begin: int, end: int) -> int:
    """Where a string ends that may have begun before the function: then the function is none."""
    for quote in _QUOTES:
        if text.count(quote, start, begin) % 2:
            closing = text.find(quote, begin, end)
            end = closing if closing >= 0 else end
    return end


def _add_classes(text: bytes, start: int, stop: int, outside: list[tuple[int, int]]) -> None:
    """What classes in a function hold outside of their own functions."""
    at = text.find(b"class", start, stop)
    while at >= 0:
        line = text.rfind(b"\n", 0, at)
        match = _CLASS.match(text, line + 1)
        if match and match.end() > at:
            end_match = end_of_block(indent_of(match[0])).search(text, match.end(), stop)
            end = end_match.start() if end_match else stop
            inner = Outline()
            _collect(text, line, end + 1, inner)
            outside += inner.outside
            for function in zip(inner.starts, inner.ends, strict=True):
                _add_classes(text, *function, outside)
            at = end - 1
        at = text.find(b"class", at + 1, stop)
