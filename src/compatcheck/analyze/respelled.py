"""Another spelling of what the tree's grammar misreads: line ends in brackets, and stars where it knows none."""

from __future__ import annotations

import re

from compatcheck.analyze.scans.lines import token_end
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, is_operand, next_token, stop, tokens

_STAR = re.compile(rb"((?:\Amatch|,)(?:[ \t\f]|\\\n)*)\*(?!\*)")
_MATCH_STAR = re.compile(rb"match(?:[ \t\f]|\\\n)*\*(?!\*)[^\n#]*:[ \t\f]*(?:#[^\n]*)?\n")
_FORMATTED = re.compile(rb"[rR]?[fFtT]")
_FIELD_STAR = re.compile(rb"(\{\s*)\*(?=\s*[(\[{\"'])")
_LOOPS = (b"for", b"async")
_DEEPEST = 200  # brackets that any CPython reads


def respelled(code: bytes) -> bytes:
    """The text, as long as before, with each bracket's lines in one, and blanks instead of the comments in them and of
    stars: in the subject of a `match` that begins with one, before the element of a comprehension, before `await`, and
    before brackets and strings in the field of an f-string.
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
        elif token in (b"*", b"**") and depth <= _DEEPEST and _is_unknown(code, token, at, last):
            text[at : at + len(token)] = b" " * len(token)
        elif token == b'"' and _FORMATTED.match(code, at):
            end = token_end(code, token, at)
            text[at:end] = _FIELD_STAR.sub(rb"\1 ", code[at:end])
        elif token == b"\n" and depth:
            comment = code.find(b"#", token_end(code, last, last_at), at) if b"#" in code[last_at:at] else -1
            text[comment if comment >= 0 else at : at + 1] = b" " * (at + 1 - (comment if comment >= 0 else at))
        last, last_at = token, at
    return bytes(text)


def _is_unknown(code: bytes, token: bytes, at: int, last: bytes) -> bool:
    """Whether a star, with that token before it, is no operator, and of those that the grammar does not know."""
    if is_operand(last):
        return False
    after = at + len(token)
    return next_token(code, after)[0] == b"await" or (last in OPENERS and stop(code, after)[0] in _LOOPS)
