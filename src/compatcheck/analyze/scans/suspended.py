"""`yield`, `await` and `async` where they may not run: outside of functions, in annotations, lambdas, comprehensions."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from compatcheck.analyze.scans.blanks import confirmed
from compatcheck.analyze.scans.expressions import STATEMENT_WORDS, among_loops, is_annotation, loop_after, loop_before
from compatcheck.analyze.scans.heads import (
    Head,
    before,
    in_own_head,
    in_string,
    innermost,
    is_prose,
    line_start,
    words,
)
from compatcheck.analyze.scans.outline import Outline, outline
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_ASYNC = re.compile(rb"async(?:[\s\\]|#[^\n]*\n)+(?:for|with)(?![\w\x80-\xff])")
_ASYNC_DEF = re.compile(rb"async(?:[ \t\f]|\\\n)+def")
_STATEMENT = re.compile(
    rb"\n[ \t\f]*(?:def|class|return|import|raise|try|while|with|del|pass|assert|global|nonlocal|break|continue|except)(?!\w)"
)
# In front of a `yield` that is a statement, or the value of an assignment.
_PLAIN = re.compile(rb"[ \t\f]*(?:[\w.,\[\]\"' \t*]+(?:[-+*/%@&|^]|//|<<|>>|\*\*)?=[ \t]*)*\Z")
_YIELD_VALUE = re.compile(rb"yield(?:[ \t\f]|\\\n)+from(?![\w\x80-\xff])")
_RETURN_VALUE = re.compile(rb"return(?:[ \t\f]|\\\n)*[^\s;#\\]")
_HEADER = re.compile(rb"[ \t]*(?:(?:async[ \t]+)?def|class|type|@)")
_WORD_BEFORE = re.compile(rb"(?:^|[^\w\x80-\xff.])([\w\x80-\xff]+)\Z")
_BEFORE_OPERAND = frozenset(
    b"and or not in is if elif else while return yield lambda assert del raise from for with match".split()
)
_MOST_TOKENS = 3_000


@confirmed
def yields(code: bytes) -> Iterator[int]:
    """`yield` outside of functions, in comprehensions and annotations, and `yield from` in async functions."""
    if b"yield" in code:
        found = outline(code)
        for start, end in found.spans_with(code, b"yield"):
            yield from (at for at in words(code, b"yield", start, end) if _begins_expression(code, at))
        for at in words(code, b"yield"):
            if _oddly_yields(code, at, found):
                yield at


def _begins_expression(code: bytes, at: int) -> bool:
    line = before(code, at).rstrip(b" \t\f\\")
    return (not line or line[-1] in b"(=:;{[,") and not is_prose(code, at + 5) and not _in_plain_string(line)


def _in_plain_string(line: bytes) -> bool:
    return b"{" not in line and in_string(line)


def _oddly_yields(code: bytes, at: int, found: Outline) -> bool:
    """Whether a `yield` in a function may be in a comprehension, an annotation, or an async function."""
    index = found.function_at(at)
    if index < 0:
        return False
    if found.coroutines[index] and _YIELD_VALUE.match(code, at):
        return True
    line = before(code, at)
    if not line.strip():
        opener = _last_before(code, at)
        return opener in b"(=" and (
            opener == b"=" or among_loops(code, at) or in_own_head(code, _function(code, at), at)
        )
    if _PLAIN.match(line) and not _HEADER.match(line):
        return False
    if not _begins_expression(code, at):
        return False
    return (
        b":" in line
        or b"->" in line
        or bool(_HEADER.match(line))
        or _in_head_of(code, at, found, index)
        or among_loops(code, at)
    )


def _in_head_of(code: bytes, at: int, found: Outline, index: int) -> bool:
    return in_own_head(code, Head(b"def", False, found.starts[index]), at) or in_own_head(code, _function(code, at), at)


def _function(code: bytes, at: int) -> Head:
    return innermost(code, at, b"def", b"class")


def _last_before(code: bytes, at: int) -> bytes:
    """The last character of code before the place, comments passed over; a `(` where that cannot be told."""
    start = line_start(code, at)
    while start:
        end, start = start - 1, code.rfind(b"\n", 0, start - 1) + 1
        line = code[start:end].strip()
        if line.startswith(b"#") or not line:
            continue
        return b"(" if b"#" in line and b"(" in line else line[-1:]
    return b":"


@confirmed
def generator_returns(code: bytes) -> Iterator[int]:
    """`yield` in async functions that return something, too."""
    if b"async" in code and b"yield" in code:
        found = outline(code)
        for at in words(code, b"yield"):
            index = found.function_at(at)
            if index >= 0 and _may_return(code, found, index):
                yield at


def _may_return(code: bytes, found: Outline, index: int) -> bool:
    start, end = found.starts[index], found.ends[index]
    if not found.coroutines[index] and not _ASYNC_DEF.search(code, start, end):
        return False
    return _RETURN_VALUE.search(code, start, end) is not None


@confirmed
def awaits(code: bytes) -> Iterator[int]:
    """`await` and `async` that no async function runs, or in lambdas, annotations, and comprehensions in others."""
    if b"await" in code or (b"async" in code and _ASYNC.search(code)):
        places = sorted([*words(code, b"await"), *(match.start() for match in _ASYNC.finditer(code))])
        lambdas = frozenset(_in_lambdas(code, places)) if b"lambda" in code else frozenset()
        for at in places:
            if at in lambdas or _oddly_awaits(code, at):
                yield at


def _oddly_awaits(code: bytes, at: int) -> bool:
    line = before(code, at)
    if not _may_await(code, at, line):
        return False
    if _HEADER.match(line) or is_annotation(line):
        return True
    head = innermost(code, at, b"def", b"class")
    if head.kind != b"def" or not head.is_async or in_own_head(code, head, at):
        return True
    comprehension = loop_after(code, at)
    return comprehension > 0 or (comprehension == 0 and loop_before(code, at)) or _is_async_loop(code, at, line)


def _is_async_loop(code: bytes, at: int, line: bytes) -> bool:
    """Whether `async for` belongs to a comprehension that may stand in another."""
    return (
        code.startswith(b"async", at)
        and bool(line.strip())
        and (loop_before(code, at) or loop_after(code, at + 9) >= 0)
    )


def _may_await(code: bytes, at: int, line: bytes) -> bool:
    """Whether the word can be code: not behind a word that is no operator."""
    if _in_plain_string(line):
        return False
    stripped = line.rstrip(b" \t\f\\")
    match = _WORD_BEFORE.search(stripped)
    if match and match[1] not in _BEFORE_OPERAND:
        return code.startswith(b"async", at)
    return not is_prose(code, at + 5) or code.startswith(b"async", at)


def _in_lambdas(code: bytes, places: Sequence[int]) -> Iterator[int]:
    """Those of the places that may lie in the body of a lambda."""
    for start in words(code, b"lambda"):
        index = bisect_right(places, start)
        if index == len(places) or _STATEMENT.search(code, start, places[index]):
            continue
        depth = 0
        for count, (token, at) in enumerate(tokens(code, start + 6)):
            depth += (token in OPENERS) - (token in CLOSERS)
            if depth < 0 or count > _MOST_TOKENS or (token in STATEMENT_WORDS and not depth):
                break
            if token in (b"await", b"async"):
                yield at
