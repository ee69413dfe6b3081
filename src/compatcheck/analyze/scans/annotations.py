"""Where a variable may be annotated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, closer, stop

_COLON = re.compile(rb":(?<=[\w\])\x80-\xff \t\f\n]:)(?![ \t\f]*(?:[\n#]|=[^=]))")
# An annotation and its equals sign in one line (none has a comparison in it); the end of one over several lines.
_VALUE = re.compile(rb":[^\n=:]+(?<![<>!])=(?!=)")
_AFTER_INDEX = re.compile(rb"\][ \t\f]*=(?!=)")
_AFTER_CALL = re.compile(rb"\)[ \t\f]*=(?!=)")
_AFTER_DISPLAY = re.compile(rb"\}[ \t\f]*=(?!=)")
_AFTER_LINE = re.compile(rb"\\\n[^\n=]*=(?!=)")
_HEADER = re.compile(rb"(?:def|if|elif|else|while|for|with|try|except|finally|class|async)(?![\w\x80-\xff])")
_BRACKETS = re.compile(rb"\[[^\[\]]*\]|\([^()]*\)|\{[^{}]*\}")
_AFTER_PARENTHESES = re.compile(rb"\)[ \t\f\\\n]*[.\[(]")
_MOST_LINES = 40
_YIELD = re.compile(rb"(?:\s|\\)*yield(?![\w\x80-\xff])")


def variables(code: bytes) -> Iterator[int]:
    """Colons that an annotation can follow."""
    return (match.start() for match in _COLON.finditer(code))


def after_parentheses(code: bytes) -> Iterator[int]:
    """Closing parentheses before a trailer, where they may be the first thing in a statement."""
    for match in _AFTER_PARENTHESES.finditer(code):
        end = code.find(b"\n", match.end())
        rest = code[match.end() - 1 : end if end >= 0 else len(code)]
        if b":" not in rest and rest.count(b"[") <= rest.count(b"]") and rest.count(b"(") <= rest.count(b")"):
            if rest.rstrip()[-1:] != b"\\":
                continue  # no annotation can follow
        line = _line_before(code, match.start())
        if line[:1] == b"(" or b":" in line or b";" in line or line.count(b")") >= line.count(b"("):
            yield match.start()


def loose_values(code: bytes) -> Iterator[int]:
    """Equals signs behind an annotation, before a tuple without parentheses or a `yield`."""
    for match in _VALUE.finditer(code):
        at = match.end() - 1
        if not _may_be_loose(code, at + 1) or not _annotates(_line_before(code, at)):
            continue
        if not _in_bracket(code, at) and _is_loose(code, at):
            yield at
    for pattern in (_AFTER_INDEX, _AFTER_CALL, _AFTER_DISPLAY):
        for match in pattern.finditer(code):
            at = match.end() - 1
            if _closes(_line_before(code, at)) and _may_be_loose(code, at + 1) and _is_loose(code, at):
                yield at
    for match in _AFTER_LINE.finditer(code):
        if _is_loose(code, match.end() - 1):
            yield match.end() - 1


def _line_before(code: bytes, at: int) -> bytes:
    return code[code.rfind(b"\n", 0, at) + 1 : at].strip()


def _annotates(text: bytes) -> bool:
    """Whether what stands in a line before an equals sign may be a target and its annotation."""
    if text[0] == 0x23 or b'"' in text or b"'" in text:
        return text[0] != 0x23
    bare, changed = text, 1
    while changed:
        bare, changed = _BRACKETS.subn(b"", bare)
    if any(opener in bare for opener in OPENERS):
        return False
    return bare.count(b":") > bool(_HEADER.match(bare))


def _closes(text: bytes) -> bool:
    """Whether a bracket ends there that began in a line above, or after an equals sign of its own."""
    return sum(map(text.count, CLOSERS)) > sum(map(text.count, OPENERS)) or (b":" in text and b"=" in text)


def _in_bracket(code: bytes, at: int) -> bool:
    """Whether the lines above plainly show an open bracket, as those of a list of parameters do."""
    end = code.rfind(b"\n", 0, at)
    for _ in range(_MOST_LINES):
        start = code.rfind(b"\n", 0, max(end, 0)) + 1
        line = code[start : max(end, 0)].rstrip()
        if b"#" in line or line[-1:] != b",":
            return b"#" not in line and line[-1:] in (b"(", b"[", b"{")
        end = start - 1
    return False


def _may_be_loose(code: bytes, value: int) -> bool:
    """Whether the value's line holds a comma or `yield`, or does not end the value."""
    end = code.find(b"\n", value)
    line = code[value : end if end >= 0 else len(code)]
    if b"," in line or b"yield" in line or b"#" in line or b'"""' in line or b"'''" in line:
        return True
    return line.rstrip()[-1:] == b"\\" or sum(map(line.count, OPENERS)) > sum(map(line.count, CLOSERS))


def _is_loose(code: bytes, equals: int) -> bool:
    """Whether a `yield` follows, or a comma that no bracket is around."""
    if _YIELD.match(code, equals + 1):
        return True
    token, comma = stop(code, equals + 1, b"\n")
    return token == b"," and not closer(code, comma)
