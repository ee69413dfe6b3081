"""Another spelling of what the tree's grammar misreads: line ends in brackets, the star of `match *a, b:`."""

from __future__ import annotations

import re

from compatcheck.analyze.scans.lines import token_end
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_STAR = re.compile(rb"((?:\Amatch|,)(?:[ \t\f]|\\\n)*)\*(?!\*)")
_MATCH_STAR = re.compile(rb"match(?:[ \t\f]|\\\n)*\*(?!\*)[^\n#]*:[ \t\f]*(?:#[^\n]*)?\n")


def joined(code: bytes) -> bytes:
    """The text, as long as before, with each bracket's lines in one, and blanks instead of the comments in them; the
    stars of a `match` that begins with one are no products.
    """
    text = bytearray(code)
    depth = 0
    last, last_at = b"", 0
    for token, at in tokens(code, 0):
        if token in OPENERS:
            depth += 1
        elif token in CLOSERS:
            depth = max(0, depth - 1)
        elif token == b"match" and not depth and last in b"\n" and (match := _MATCH_STAR.match(code, at)):
            text[at : match.end()] = _STAR.sub(rb"\1 ", match[0])
        elif token == b"\n" and depth:
            comment = code.find(b"#", token_end(code, last, last_at), at) if b"#" in code[last_at:at] else -1
            text[comment if comment >= 0 else at : at + 1] = b" " * (at + 1 - (comment if comment >= 0 else at))
        last, last_at = token, at
    return bytes(text)
