"""Whether a name is surely bound where it stands, so that it is no builtin: bytes in, no tree.

Sure, or False: a module that binds it in its first column, or a function without functions in it that binds it.
"""

from __future__ import annotations

import re

from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.scans.outline import outline
from compatcheck.analyze.words import offsets

_HEAD_END = re.compile(rb"\)[ \t]*(?:->[^\n]*)?:")
_ASSIGNS = re.compile(rb"[ \t]*(?:,[^\n=(]*)?(?::[^\n=]*)?=(?!=)")
_TARGETS = re.compile(rb"(?:[\w.]+[ \t]*,[ \t]*)*\Z")
_DEFINES = (b"def", b"class", b"async def")
_MODULE = -1


class Bound:
    """Answers for one text."""

    def __init__(self, code: bytes) -> None:
        self._code = code
        self._places: dict[bytes, frozenset[int]] = {}
        self._simple: dict[int, bool] = {}

    def surely(self, word: bytes, at: int) -> bool:
        """Whether the word at this place cannot mean a builtin: it is a keyword, a binding, or bound."""
        if self._is_keyword(at, at + len(word)) or self._binds(at, at + len(word)):
            return True
        function = outline(self._code).function_at(at)
        if function < 0:
            return False
        where = self._bound_in(word)
        return _MODULE in where or (function in where and self._is_simple(function) and self._in_body(at, function))

    def _is_keyword(self, at: int, end: int) -> bool:
        """`f(word=1)`, and a parameter with a default."""
        code = self._code
        return code[end : end + 1] == b"=" != code[end + 1 : end + 2] and self._before(at) in (b"(", b",")

    def _before(self, at: int) -> bytes:
        return self._code[max(0, at - 200) : at].rstrip(b" \t\n")[-1:]

    def _bound_in(self, word: bytes) -> frozenset[int]:
        """The functions that bind the word, -1 for the module."""
        if word not in self._places:
            code, found = self._code, set()
            for at in offsets(code, word):
                if self._binds(at, at + len(word)) and not quiet(code).covers(at):
                    function = outline(code).function_at(at)
                    if function >= 0:
                        found.add(function)
                    elif code[code.rfind(b"\n", 0, at) + 1 : at + 1][:1] not in (b" ", b"\t"):
                        found.add(_MODULE)
            self._places[word] = frozenset(found - {_MODULE} if b"\ndel " in code else found)
        return self._places[word]

    def _binds(self, at: int, end: int) -> bool:
        """Whether the word there is a target, a parameter, or what a definition or an import calls it."""
        code = self._code
        before = code[code.rfind(b"\n", 0, at) + 1 : at].lstrip()
        if _TARGETS.match(before):
            return _ASSIGNS.match(code, end) is not None
        first, *_ = before.split(None, 1)
        if first == b"for":
            return b" in " not in before
        if first in (b"from", b"import"):
            return b"import" in before and b"(" not in before and b"#" not in before
        if before.rstrip() in _DEFINES:
            return True
        return self._is_parameter(at, end)

    def _is_parameter(self, at: int, end: int) -> bool:
        function = outline(self._code).function_at(at)
        if function < 0 or self._in_body(at, function):
            return False
        return self._before(at) in (b"(", b",", b"*") and self._code[end : end + 1] in b",:=) "

    def _in_body(self, at: int, function: int) -> bool:
        """Defaults and annotations are evaluated outside."""
        return _HEAD_END.search(self._code, outline(self._code).starts[function], at) is not None

    def _is_simple(self, function: int) -> bool:
        """Whether there is one scope only, and nothing that takes names away or gets them from elsewhere."""
        if function not in self._simple:
            found = outline(self._code)
            text = self._code[found.starts[function] : found.ends[function]]
            scopes = text.count(b"def ") + text.count(b"lambda") + text.count(b"class ")
            self._simple[function] = scopes == 1 and not any(w in text for w in (b"del ", b"global ", b"nonlocal "))
        return self._simple[function]
