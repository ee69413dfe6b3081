"""Whether a text may have an instance of a class: its word stands where it gives one, not only in passing."""

from __future__ import annotations

from functools import lru_cache

from compatcheck.analyze.words import offsets

_IN_PASSING = (b"#", b"import ", b"from ")


@lru_cache(maxsize=512)
def gives_instance(code: bytes, word: bytes) -> bool:
    """Whether the class (or what makes its instances) is more than imported, a decorator, or caught without a name."""
    return any(_gives(code, at, at + len(word)) for at in offsets(code, word))


def _gives(code: bytes, at: int, end: int) -> bool:
    start = code.rfind(b"\n", 0, at) + 1
    before = code[start:at].lstrip()
    if before.startswith(_IN_PASSING) or before[-1:] == b"@":
        return False
    if not before.startswith(b"except"):
        return True
    line_end = code.find(b"\n", end)
    line = code[end : line_end if line_end >= 0 else len(code)]
    return b" as " in line or b":" not in line
