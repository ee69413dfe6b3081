"""The words of a text's import statements: what it may know of other modules. Bytes in, no tree."""

from __future__ import annotations

from compatcheck.analyze.words import WORD, offsets

# Words by which a module is had without an import statement.
_DYNAMIC = frozenset({b"import_module", b"__import__", b"modules", b"find_spec", b"importorskip", b"patch"})
_NOT_WORD = bytes(c if c in WORD else 0x20 for c in range(256))
_LONGEST = 20_000


def known_heads(code: bytes, words: frozenset[bytes], heads: frozenset[bytes]) -> frozenset[bytes]:
    """Which modules of `heads`, all of them words of the text, it may know: those that an import statement names, or
    that may be attributes of somebody else's module; all of them where the text has other ways to a module.
    """
    if not _DYNAMIC.isdisjoint(words) or b"import *" in code:
        return heads
    found: set[bytes] = set()
    others = False
    for at in offsets(code, b"import"):
        statement = code[_start(code, at) : _end(code, at + 6)].translate(_NOT_WORD).split()
        found.update(statement)
        others = others or not heads.issuperset(statement[1:2])
    known = heads & found
    return known | {head for head in heads - known if b"." + head in code} if others else known


def _start(code: bytes, at: int) -> int:
    """The begin of the line, or of the first line that it continues."""
    start = code.rfind(b"\n", 0, at) + 1
    while code.endswith(b"\\\n", 0, start):
        start = code.rfind(b"\n", 0, start - 1) + 1
    return start


def _end(code: bytes, at: int) -> int:
    """The end of the line, or of the brackets that begin after `import`; comments may hold closing ones."""
    end = code.find(b"\n", at)
    end = len(code) if end < 0 else end
    if code[at:end].lstrip(b" \t\f\\")[:1] == b"(" or code.endswith(b"\\", at, end):
        while end < len(code) and end - at < _LONGEST and not _closes(code, at, end):
            after = code.find(b"\n", end + 1)
            end = len(code) if after < 0 else after
    return end


def _closes(code: bytes, at: int, end: int) -> bool:
    """Whether the statement ends with the line that ends here."""
    line = code[max(at, code.rfind(b"\n", at, end) + 1) : end]
    bracket = code.find(b"(", at, end) >= 0
    return b")" in line.split(b"#")[0] if bracket else not line.endswith(b"\\")
