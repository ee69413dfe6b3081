"""Line ends inside brackets as blanks, for a grammar that takes some of them for the end of a block."""

from __future__ import annotations

from compatcheck.analyze.scans.lines import token_end
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens


def joined(code: bytes) -> bytes:
    """The text, as long as before, with each bracket's lines in one, and blanks instead of the comments in them."""
    text = bytearray(code)
    depth = 0
    last, last_at = b"", 0
    for token, at in tokens(code, 0):
        if token in OPENERS:
            depth += 1
        elif token in CLOSERS:
            depth = max(0, depth - 1)
        elif token == b"\n" and depth:
            comment = code.find(b"#", token_end(code, last, last_at), at) if b"#" in code[last_at:at] else -1
            text[comment if comment >= 0 else at : at + 1] = b" " * (at + 1 - (comment if comment >= 0 else at))
        last, last_at = token, at
    return bytes(text)
