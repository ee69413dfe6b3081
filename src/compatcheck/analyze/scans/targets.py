"""`:=` in comprehensions, classes, annotations and type parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.expressions import is_annotation, loop_after, loop_before, statement_start
from compatcheck.analyze.scans.heads import before, in_own_head, innermost

_TARGET = re.compile(rb"([\w\x80-\xff]+)(?:[ \t\f]|\\\n)*\Z")
_HEADER = re.compile(rb"[ \t]*(?:(?:async[ \t]+)?def|class|type|@)(?![\w\x80-\xff])")
_LOOP_TARGETS = re.compile(
    rb"(?<![\w\x80-\xff.])for(?![\w\x80-\xff])(.*?)(?<![\w\x80-\xff.])in(?![\w\x80-\xff])", re.DOTALL
)
_CONDITION = re.compile(rb"(?<![\w\x80-\xff.])if(?![\w\x80-\xff])")
_WORD = re.compile(rb"[\w\x80-\xff]+")
_NEAR = 4_000


def assignments(code: bytes) -> Iterator[int]:
    """Those whose target may have no scope."""
    at = code.find(b":=")
    while at >= 0:
        if _is_odd(code, at):
            yield at
        at = code.find(b":=", at + 2)


def _is_odd(code: bytes, at: int) -> bool:
    line = before(code, at)
    target = _TARGET.search(line)
    if target is None or not target[1].isascii() or _HEADER.match(line) or is_annotation(line[: target.start()]):
        return True
    head = innermost(code, at, b"def", b"class")
    if in_own_head(code, head, at):
        return True
    looped = loop_after(code, at) >= 0
    if not looped and not loop_before(code, at):
        return False
    return head.kind == b"class" or b"lambda" in line or _in_loop(code, at, target[1])


def _in_loop(code: bytes, at: int, target: bytes) -> bool:
    """Whether a loop around assigns the target, or loops over the expression."""
    last = None
    for last in _LOOP_TARGETS.finditer(code, statement_start(code, at), at):
        if target in _WORD.findall(last[1]):
            return True
    if last is not None and not _CONDITION.search(code, last.end(), at):
        return True
    behind = code[at : at + _NEAR]
    return any(target in _WORD.findall(match[1]) for match in _LOOP_TARGETS.finditer(behind))
