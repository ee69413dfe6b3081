"""What stands around a place in its expression: loops of comprehensions, lambdas, annotations."""

from __future__ import annotations

import re

from compatcheck.analyze.scans.heads import before
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

STATEMENT_WORDS = frozenset(
    b"def class return import raise try while with del pass global nonlocal break continue".split()
)
_BLOCKS = (b"if ", b"elif ", b"else", b"try", b"finally", b"except", b"with ", b"for ", b"while ", b"case ", b"match ")
_LOOP = re.compile(rb"(?<![\w\x80-\xff.])for(?![\w\x80-\xff])")
_NEAR = 4_000
_MOST_TOKENS = 3_000


def among_loops(code: bytes, at: int) -> bool:
    """Whether a `for` stands in the brackets around the place, or a lambda: before it in its statement, or after it."""
    return loop_after(code, at) >= 0 or loop_before(code, at) or b"lambda" in before(code, at)


def loop_after(code: bytes, at: int) -> int:
    """How many brackets close between the place and a `for` of the same statement; -1 for none."""
    depth = 0
    for count, (token, _) in enumerate(tokens(code, at)):
        if count > _MOST_TOKENS:
            return 0
        depth += (token in OPENERS) - (token in CLOSERS)
        if token == b"for" and depth <= 0:
            return -depth
        if token in STATEMENT_WORDS and depth <= 0:
            return -1
    return -1


def loop_before(code: bytes, at: int) -> bool:
    """Whether a `for` before the place may belong to the same expression."""
    return _LOOP.search(code, statement_start(code, at), at) is not None


def statement_start(code: bytes, at: int) -> int:
    """A place that no part of the place's statement stands before: where a line ended with a colon, at the latest."""
    start = max(0, at - _NEAR)
    block = code.rfind(b":\n", start, at)
    blank = code.rfind(b"\n\n", start, at) if code[at - 1 : at] == b"\n" else -1
    return max(start, block, blank)


def is_annotation(line: bytes) -> bool:
    """Whether the place may lie between a colon, or `->`, and an equals sign."""
    stripped = line.strip()
    colon = max(stripped.rfind(b":"), stripped.rfind(b"->"))
    return (
        colon >= 0 and colon > stripped.rfind(b"=") and stripped[:1] not in b"\"'" and not stripped.startswith(_BLOCKS)
    )
