"""Decorators that are more than a dotted name and one call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, is_name, tokens

_SIMPLE = re.compile(
    rb"@[ \t\f]*(?!(?:None|True|False|await|lambda|not)(?![\w\x80-\xff]))[A-Za-z_\x80-\xff][\w.\x80-\xff]*"
    rb"(?:\([^()\n\"'#]*\))?[ \t\f]*(?:\n|#|\Z)"
)
_AFTER_CALL = (b"\n", b"")


def relaxed(code: bytes) -> Iterator[int]:
    """Their `@`, and that of a matrix product which begins a line."""
    at = code.find(b"@")
    while at >= 0:
        begins_line = not code[code.rfind(b"\n", 0, at) + 1 : at].strip()
        if begins_line and not _SIMPLE.match(code, at) and not _is_call(code, at):
            yield at
        at = code.find(b"@", at + 1)


def _is_call(code: bytes, at: int) -> bool:
    """Whether a dotted name and one call are all there is."""
    depth, before, calls = 0, b"", 0
    for token, _ in tokens(code, at + 1):
        if not depth:
            if token == b"\n":
                return True
            if not _continues(before, token, calls):
                return False
            before = token
        calls += not depth and token == b"("
        depth += (token in OPENERS) - (token in CLOSERS)
    return not depth


def _continues(before: bytes, token: bytes, calls: int) -> bool:
    """Whether the token goes on with a dotted name, or begins its call."""
    if calls:
        return False
    if token in (b".", b"("):
        return is_name(before)
    return before in (b"", b".") and is_name(token) and token not in _CONSTANTS


_CONSTANTS = frozenset((b"None", b"True", b"False"))
