"""Quotes with which no string begins: nothing is left of their line but what may follow a string."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from compatcheck.analyze.scans.tokens import skip_string, tokens

_AFTER = re.compile(rb"[ \t]*(?:[)\]},:;#+][^\"'\n]*)?(?=\n|\Z)")


@lru_cache(maxsize=1)  # the check asks about each place
def lone_quotes(code: bytes) -> frozenset[int]:
    """The offsets of such quotes; a text of which the parser says nothing has none."""
    return frozenset(_lone_quotes(code))


def _lone_quotes(code: bytes) -> Iterator[int]:
    for token, at in tokens(code, 0):
        if token == b'"' and code[at] in b"\"'" and _AFTER.match(code, at + 1) and code[at : at + 3] not in _TRIPLE:
            if not code.endswith(code[at : at + 1], at + 1, skip_string(code, at)):
                yield at


_TRIPLE = (b'"""', b"'''")
