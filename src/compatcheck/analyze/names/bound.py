"""Whether a name is surely bound where it stands, so that it is no builtin: bytes in, no tree.

Sure, or False: a module that binds it in its first column, or a function without functions in it that binds it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.scans.outline import outline

_HEAD_END = re.compile(rb"\)[ \t]*(?:->[^\n]*)?:")
_AFTER = rb"[ \t]*(?:,[^\n=(]*)?(?::[^\n=]*)?=(?!=)"


class Bound:
    """Answers for one text."""

    def __init__(self, code: bytes) -> None:
        self._code = code
        self._found: dict[tuple[bytes, int], bool] = {}

    def surely(self, word: bytes, at: int) -> bool:
        """Whether the word at this place cannot mean a builtin: it is an attribute, a keyword, or bound."""
        if self._is_keyword(at, at + len(word)):
            return True
        function = outline(self._code).function_at(at)
        if function < 0:
            return False
        return self._in(word, -1) or (self._in_body(at, function) and self._in(word, function))

    def _in_body(self, at: int, function: int) -> bool:
        """Defaults and annotations are evaluated outside."""
        head = _HEAD_END.search(self._code, outline(self._code).starts[function], at)
        return head is not None

    def _is_keyword(self, at: int, end: int) -> bool:
        """`f(word=1)`, and a parameter with a default."""
        code = self._code
        return code[end : end + 1] == b"=" != code[end + 1 : end + 2] and code[:at].rstrip(b" \t\n")[-1:] in (
            b"(",
            b",",
        )

    def _in(self, word: bytes, function: int) -> bool:
        key = word, function
        if key not in self._found:
            self._found[key] = self._binds(word, function)
        return self._found[key]

    def _binds(self, word: bytes, function: int) -> bool:
        code = self._code
        if function < 0:
            matches = _at_module_level(word).finditer(code)
            return b"\ndel " not in code and any(not quiet(code).covers(match.end() - 1) for match in matches)
        found = outline(code)
        start, end = found.starts[function], found.ends[function]
        text = code[start:end]
        if text.count(b"def ") + text.count(b"lambda") + text.count(b"class ") != 1 or b"del " in text:
            return False  # which function binds it, or whether still, takes a closer look
        if b"global " in text or b"nonlocal " in text:
            return False
        matches = _in_function(word).finditer(code, max(0, start - 1), end)
        return any(not quiet(code).covers(match.end() - 1) for match in matches)


@lru_cache(maxsize=256)
def _at_module_level(word: bytes) -> re.Pattern[bytes]:
    name = re.escape(word)
    return re.compile(
        rb"(?:\n|\A)(?:"
        + name
        + _AFTER
        + rb"|(?:def|class)[ \t]+"
        + name
        + rb"\b|(?:from|import)\b[^\n#(]*\b"
        + name
        + rb"\b)"
    )


@lru_cache(maxsize=256)
def _in_function(word: bytes) -> re.Pattern[bytes]:
    name = re.escape(word)
    return re.compile(
        rb"\n[ \t]+(?:(?:[\w.]+[ \t]*,[ \t]*)*" + name + _AFTER
        + rb"|for[ \t]+(?:(?!\bin\b)[^\n:])*?\b" + name + rb"\b|(?:from|import)\b[^\n#(]*\b" + name + rb"\b)"
        + rb"|\bdef\b[^\n(]*\((?:[^()]*[(,\s*])?" + name + rb"[ \t]*[=:,)]"
    )  # fmt: skip
