"""`global` and `nonlocal` statements whose names the function uses in other ways, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.blanks import confirmed
from compatcheck.analyze.scans.heads import Head, heads, indent_at, line_start, statements, words
from compatcheck.analyze.scans.outline import end_of_block

_NAME = re.compile(rb"[\w\x80-\xff]+")
_ANNOTATED = re.compile(rb"(?:[ \t\f]|\\\n)*:(?!=)")
_LONGEST = 2_000


@confirmed
def declarations(code: bytes) -> Iterator[int]:
    """Statements with a name that is used before them, annotated, or that nothing seems to bind."""
    for word in (b"global", b"nonlocal"):
        for at in statements(code, word):
            if _is_odd(code, at, word):
                yield at


def _is_odd(code: bytes, at: int, word: bytes) -> bool:
    around = list(heads(code, at))
    scopes = [head for head in around if head.kind in (b"def", b"class")]
    names = _NAME.findall(code, at + len(word), _statement_end(code, at))
    start = scopes[0].start if scopes else 0
    if not scopes and word == b"nonlocal":
        return True
    if any(
        not name.isascii() or name.startswith(b"__") or _used(code, name, start, at) or _annotated(code, name, at)
        for name in names
    ):
        return True
    unbound = word == b"nonlocal" and not all(_bound(code, name, scopes) for name in names)
    return unbound or _in_except(code, at)


def _statement_end(code: bytes, at: int) -> int:
    end = at
    while True:
        end = code.find(b"\n", end)
        if end < 0 or end - at > _LONGEST:
            return len(code) if end < 0 else end
        if code[end - 1 : end] != b"\\":
            return min(
                end,
                stop if (stop := code.find(b";", at, end)) >= 0 else end,
                hash_ if (hash_ := code.find(b"#", at, end)) >= 0 else end,
            )
        end += 1


def _used(code: bytes, name: bytes, start: int, end: int) -> bool:
    return code.find(name, start, end) >= 0 and any(True for _ in words(code, name, start, end))


def _annotated(code: bytes, name: bytes, start: int) -> bool:
    """Whether a line behind the place may annotate the name."""
    return any(_ANNOTATED.match(code, at + len(name)) for at in statements(code, name, start))


def _in_except(code: bytes, at: int) -> bool:
    """Whether the block of the statement is that of an `except`: what its `else` does came first until 3.12."""
    start = line_start(code, at)
    indent = indent_at(code, start)
    while start and indent:
        start = line_start(code, start - 1)
        line = code[start : code.find(b"\n", start)]
        if line.strip() and not code.startswith(indent, start):
            return line.lstrip().startswith((b"except", b"else"))
    return False


def _bound(code: bytes, name: bytes, scopes: list[Head]) -> bool:
    """Whether the function around plainly binds the name: among its parameters, or in a line as deep as the inner one."""
    if len(scopes) < 2 or scopes[0].kind != b"def" or scopes[1].kind != b"def":
        return False
    inner, outer = scopes[0].start, scopes[1].start
    if code.find(b"global", outer, inner) >= 0:
        return False
    indent = indent_at(code, inner)
    binding = re.compile(rb"\n" + indent + re.escape(name) + rb"[ \t]*(?::[^\n=]*)?=(?!=)")
    match = max(binding.finditer(code, outer, inner), key=re.Match.start, default=None)
    if match is not None and _same_block(code, indent, match.end(), inner):
        return True
    head = code[outer : code.find(b":\n", outer, inner)]
    return b"[" not in head and bool(re.search(rb"[(,][ \t\n]*\*{0,2}" + re.escape(name) + rb"[ \t\n]*[,:=)]", head))


def _same_block(code: bytes, indent: bytes, start: int, end: int) -> bool:
    """Whether no line between is indented less."""
    return not indent or end_of_block(indent[:-1]).search(code, start, end) is None
