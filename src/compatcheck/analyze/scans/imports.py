"""`import *`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.heads import before

_STAR = re.compile(rb"import(?:[ \t\f]|\\\n)*(\*)")


def indented_stars(code: bytes) -> Iterator[int]:
    """The star of each that does not stand in a line which begins, at module level, with its `from`."""
    for match in _STAR.finditer(code):
        if not before(code, match.start()).startswith(b"from"):
            yield match.start(1)
