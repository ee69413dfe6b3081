"""Words that only matter in texts with `async def`."""

from __future__ import annotations

import re
from collections.abc import Iterator

_YIELD = re.compile(rb"yield(?![\w\x80-\xff])")


def yields(code: bytes) -> Iterator[int]:
    """`yield` in a text that says `async`."""
    return (match.start() for match in _YIELD.finditer(code)) if b"async" in code else iter(())
