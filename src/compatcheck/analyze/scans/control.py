"""`return`, `break` and `continue` that may stand in the wrong block, found by indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.blanks import confirmed
from compatcheck.analyze.scans.heads import NO_HEAD, heads, indent_at, line_start, own_head, statements, words
from compatcheck.analyze.scans.outline import end_of_block, outline

_EXCEPT_STAR = re.compile(rb"except(?:[ \t\f]|\\\n)*\*")
_LOOPS = (b"for", b"while")
_JUMPS = (b"return", b"break", b"continue")
_MOST_EXTENSIONS = 100


@confirmed
def returns(code: bytes) -> Iterator[int]:
    """`return` outside of functions."""
    for start, end in outline(code).spans_with(code, b"return"):
        yield from statements(code, b"return", start, end)


@confirmed
def loop_jumps(code: bytes) -> Iterator[int]:
    """`break` and `continue` that no loop of their function seems to hold."""
    for word in (b"break", b"continue"):
        for at in statements(code, word):
            kind = own_head(code, at) or next(heads(code, at), NO_HEAD).kind
            if kind not in _LOOPS:
                yield at


def jumps_in_finally(code: bytes) -> Iterator[int]:
    """Jumps in `finally` clauses."""
    for start, end in _clauses(code, statements(code, b"finally")):
        for word in _JUMPS:
            yield from statements(code, word, start, end)


def continues_in_finally(code: bytes) -> Iterator[int]:
    """`continue` in `finally` clauses."""
    for start, end in _clauses(code, statements(code, b"finally")):
        yield from statements(code, b"continue", start, end)


def jumps_in_except_star(code: bytes) -> Iterator[int]:
    """Jumps in `except*` clauses."""
    if b"except" in code:
        stars = (at for at in words(code, b"except") if _EXCEPT_STAR.match(code, at))
        for start, end in _clauses(code, stars):
            for word in _JUMPS:
                yield from statements(code, word, start, end)


def _clauses(code: bytes, places: Iterator[int]) -> Iterator[tuple[int, int]]:
    """From each place to the end of its block, or farther where strings or brackets seem to be open there."""
    for at in places:
        ends = end_of_block(indent_at(code, line_start(code, at)))
        start, end = at, len(code)
        for _ in range(_MOST_EXTENSIONS):
            match = ends.search(code, start)
            if match is None:
                break
            if _is_balanced(code, at, match.start()):
                end = match.start()
                break
            start = match.end()
        yield at, end


def _is_balanced(code: bytes, start: int, end: int) -> bool:
    """Whether strings and brackets that open between two places close there, too."""
    if code.count(b'"""', start, end) % 2 or code.count(b"'''", start, end) % 2:
        return False
    return all(code.count(opener, start, end) == code.count(closer, start, end) for opener, closer in _PAIRS)


_PAIRS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))
