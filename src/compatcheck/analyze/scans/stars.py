"""Where a `*` may stand that some Python refuses: in an index, a result, a comprehension, an annotation, or alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, closer, is_name, is_operand, stop, tokens, words_between

Kind = Literal["index", "comprehension", "annotation", "statement", "condition"]

# A star that no operand precedes. One blank between is by far the usual spelling of a product, so that is told here.
_PREFIX = re.compile(
    rb"""\*(?<![\w)\]}"'*\x80-\xff]\*)(?![*=])
        (?:(?<![\w)\]}"'\x80-\xff][ ]\*)|(?<=return[ ]\*)|(?<=yield[ ]\*)|(?<=in[ ]\*)|(?<=for[ ]\*)|(?<=as[ ]\*))
    |\*(?:(?<=return\*)|(?<=yield\*)|(?<=in\*)|(?<=for\*)|(?<=as\*))(?![*=])
""",
    re.VERBOSE,
)
_MAPPING = re.compile(rb"\{(?:\s|\\\n|#[^\n]*\n)*(\*\*)")
_BLANK = b" \t\f\n\\"
_OPERAND = re.compile(rb"\*\*?(?:[ \t\f\n\\]|#[^\n]*\n)*(?=[\w(\[{\"'.\-+~\x80-\xff])")
_PLAIN = re.compile(rb"\*\*?[ \t]*[\w.]*[ \t]*([,)\]}=])")
_QUICK_OPENER = re.compile(rb"([(\[{])[^()\[\]{}\"'#]*\Z")
_GROUP = re.compile(rb"\*[ \t\f]*\(")
_FIELD_ENDS = (b"}", b":", b"=", b"")
_CONDITIONS = frozenset(b"or and not in is < > <= >= == !=".split())
_STARRED_TARGETS = re.compile(rb"[^()\[\]{}\n]*[\])][ \t]*(?:=(?!=)|in(?!\w))")
_KEYWORD = re.compile(rb"(?:^|[^\w\x80-\xff.])(?:return|yield|in|for|as)\Z")
_STARRED_PARAMETER = re.compile(rb"\*[ \t\f\n\\]*[\w\x80-\xff]+[ \t\f\n\\]*:\Z")
_TUPLE_USE = re.compile(rb"(?<![\w.])(?:return|yield|in|for)(?!\w)|[=*]")


def in_index(code: bytes) -> Iterator[int]:
    """Stars in the brackets of an index."""
    return (at for at, kind in _stars(code) if kind == "index")


def in_comprehension(code: bytes) -> Iterator[int]:
    """Stars that a `for` follows in the same brackets."""
    return (at for at, kind in _stars(code) if kind == "comprehension")


def in_mapping(code: bytes) -> Iterator[int]:
    """Double stars that are the first in braces, and that a `for` follows."""
    found = (match.start(1) for match in _MAPPING.finditer(code))
    return (at for at in found if stop(code, at + 2)[0] in (b"for", b"async"))


def in_annotation(code: bytes) -> Iterator[int]:
    """Stars after the colon of `*args:`."""
    return (at for at, kind in _stars(code) if kind == "annotation")


def in_statement(code: bytes) -> Iterator[int]:
    """Stars outside brackets that are no product, and after `yield`."""
    return (at for at, kind in _stars(code) if kind in ("statement", "annotation"))


def in_condition(code: bytes) -> Iterator[int]:
    """Stars before parentheses that an operand of `or`, `and` or a comparison begins with."""
    return (at for at, kind in _stars(code) if kind == "condition")


@lru_cache(maxsize=1)
def _stars(code: bytes) -> tuple[tuple[int, Kind], ...]:
    """Several rules ask about the same text one after the other."""
    found: list[tuple[int, Kind]] = []
    for match in _PREFIX.finditer(code):
        at = match.start()
        if kind := _kind(code, at):
            found.append((at, kind))
        if _GROUP.match(code, at) and _CONDITIONS.intersection(
            words_between(code, at + 1, stop(code, at + 1, b"\n")[1])
        ):
            found.append((at, "condition"))
    return tuple(found)


def _kind(code: bytes, at: int) -> Kind | None:
    line = code.rfind(b"\n", 0, at) + 1
    before = _before(code, at, line)
    last = code[before : before + 1]
    if not _OPERAND.match(code, at) or code[line:at].lstrip().startswith(b"#"):
        return None
    if last in OPENERS:
        return _first_in_bracket(code, at, before, last)
    if last == b"#":
        return _after_comment(code, at, before, line)
    if last == b",":
        return _later_in_bracket(code, at, line)
    if last == b":" and _STARRED_PARAMETER.search(code, max(0, before - 200), before + 1):
        return "annotation"
    if last == b"=" or _KEYWORD.search(code, max(0, before - 8), before + 1):
        return "statement" if _like_code(code, at) else None
    if last in b":;" or before < line:
        return "statement" if _alone(code, at, before < line) else None
    return None


def _before(code: bytes, at: int, line: int) -> int:
    """The offset of the last character before `at` that is no blank; of a `#` where a comment may be in between."""
    before = at - 1
    while before >= 0 and code[before] in _BLANK:
        before -= 1
    if before < line:
        comment = code.find(b"#", code.rfind(b"\n", 0, max(before, 0)) + 1, before + 1)
        return comment if comment >= 0 else before
    return before


def _after_comment(code: bytes, at: int, comment: int, line: int) -> Kind | None:
    if _STARRED_PARAMETER.search(code[max(0, comment - 200) : comment].rstrip()):
        return "annotation"
    if _stops_at_for(code, at):
        return "comprehension"
    return _later_in_bracket(code, at, line) or ("statement" if comment < line and _alone(code, at, True) else None)


def _first_in_bracket(code: bytes, at: int, before: int, opener: bytes) -> Kind | None:
    plain = _PLAIN.match(code, at)
    if plain is None and _stops_at_for(code, at):
        return "comprehension"
    if opener == b"[":
        return "index" if _after_operand(code, before) else None
    if opener == b"{":
        return "statement" if stop(code, at + 1)[0] in _FIELD_ENDS else None  # an f-string's field, or a set
    return None


def _stops_at_for(code: bytes, at: int) -> bool:
    return stop(code, at + 1)[0] in (b"for", b"async")


def _later_in_bracket(code: bytes, at: int, line: int) -> Kind | None:
    prefix = code[line:at]
    opener = _QUICK_OPENER.search(prefix)
    bracket = opener[1] if opener else closer(code, at)
    if (
        bracket in b"[]"
        and bracket
        and (_after_operand(code, line + opener.start()) if opener else _may_be_index(code, at))
    ):
        return "index"
    if opener and b"*" in prefix and _STARRED_TARGETS.match(code, at):
        return "statement"
    if bracket:
        begin = line + opener.start() if opener else max(0, line - 300)
        return "statement" if b"yield" in code[begin:at] else None
    return "statement" if _may_end_tuple(code, prefix, line) else None


def _may_be_index(code: bytes, at: int) -> bool:
    """Whether the bracket around the star may be an index: it is unless its `[` is found and follows no operand."""
    depth = 0
    for offset in range(at - 1, max(-1, at - 4000), -1):
        char = code[offset : offset + 1]
        if char in b"\"'#":
            return True
        depth += (char in CLOSERS) - (char in OPENERS)
        if depth < 0:
            return _after_operand(code, offset)
    return True


def _after_operand(code: bytes, bracket: int) -> bool:
    """Whether the bracket may index or call what stands before it."""
    before = _before(code, bracket, code.rfind(b"\n", 0, bracket) + 1)
    last = code[before : before + 1]
    return bool(last) and (last in b"#)]}\"'_." or last.isalnum() or last >= b"\x80") and not _word_before(code, before)


def _word_before(code: bytes, last: int) -> bool:
    """Whether a keyword ends there that no index or call can follow."""
    return _OPERATOR_WORD.search(code, max(0, last - 8), last + 1) is not None


_OPERATOR_WORD = re.compile(
    rb"(?:^|[^\w\x80-\xff.])(?:and|assert|del|elif|else|for|from|if|in|is|lambda|not|or|raise|return|while|with|yield)\Z"
)


def _may_end_tuple(code: bytes, prefix: bytes, line: int) -> bool:
    """Whether a star after a comma, in no brackets, can belong to a result or to the value of an assignment."""
    closed = sum(map(prefix.count, CLOSERS)) > sum(map(prefix.count, OPENERS))
    return closed or code[line - 2 : line] == b"\\\n" or _TUPLE_USE.search(prefix) is not None


def _alone(code: bytes, at: int, begins_line: bool) -> bool:
    """Whether the star and one operand are a statement, or the only target of one: no list item of a docstring."""
    after = code[at + 1]
    if (after in b"\"'" and not begins_line) or (after in b" \t\n\"'" and _in_docstring(code, at)):
        return False
    token, end = stop(code, at + 1, b"\n")
    return token in (b"\n", b"=", b";", b"") and _like_code(code, at, end)


def _in_docstring(code: bytes, at: int) -> bool:
    return any(code.count(quotes, 0, at) % 2 for quotes in (b'"""', b"'''"))


def _like_code(code: bytes, at: int, end: int | None = None) -> bool:
    """Whether what follows the star can be an expression: no two operands side by side."""
    last, depth = b"", 0
    for count, (token, _) in enumerate(tokens(code, at + 1, end)):
        depth += (token in OPENERS) - (token in CLOSERS)
        if count > 20 or depth < 0 or (last and not depth and token in b"\n:;="):
            return bool(last)
        if token in b"`$?!" or (last and is_operand(last) and (is_name(token) or token in (b"0", b'"'))):
            return False
        last = token
    return bool(last)
