"""Which places of a suspicious word are worth a look at the tree: what stands around it in the bytes.

Necessary, never sufficient: `math.lcm` needs `math.` or another name of it in front, `zip(strict)` a call of `zip`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from compatcheck.analyze.names.bound import Bound
from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.words import WORD, offsets
from compatcheck.model.stdlib import Shape

_SPACE = b" \t\f\\\r\n"
_QUOTES = b"'\""
_DOTTED = bytes(WORD) + b"."
_LIST = frozenset(b"_,*.#()\\ \t\n\f") | WORD
_LONGEST_IMPORT = 4_000
_LONGEST_CALL = 4_000
_MOST_BRACKETS = 60
_ALIASES_OF_ALIASES = 3
# Callees that stand for others: `partial(f, x=1)`, `super().__init__(x=1)`.
_ANY_CALLEE = frozenset({b"partial", b"partialmethod", b"__init__", b"__new__", b"cls", b"__class__"})


class Contexts:
    """Looks around words of one text."""

    def __init__(self, code: bytes, words: frozenset[bytes]) -> None:
        self._code = code
        self._by_string = not words.isdisjoint((b"getattr", b"import_module", b"__import__")) or b"**{" in code
        self._star = b"import *" in code
        self._bound = Bound(code)

    def places(self, word: bytes, shapes: Sequence[Shape]) -> Iterator[int]:
        """The offsets of the word that one of the shapes fits."""
        for at in offsets(self._code, word):
            if self._fits(word, at, shapes) and self._speaks(at):
                yield at

    def _speaks(self, at: int) -> bool:
        """Whether the place is code, or in a string that is nothing but a name and may be taken for one."""
        span = quiet(self._code).span(at)
        if span is None:
            return True
        return self._by_string and not self._code[slice(*span)].strip(b"'\"").translate(None, _DOTTED)

    def _fits(self, word: bytes, at: int, shapes: Sequence[Shape]) -> bool:
        end = at + len(word)
        before = self._before(at)
        if before == 0x2E:  # .
            owners = {shape.owner for shape in shapes if shape.owner and shape.kind in ("name", "module")}
            return any(shape.kind == "member" for shape in shapes) or bool(owners and self._receiver_fits(at, owners))
        if before in _QUOTES and self._by_string:
            return self._code[end : end + 1] in (b"'", b'"')
        return any(self._shape_fits(shape, word, at, before) for shape in shapes)

    def _shape_fits(self, shape: Shape, word: bytes, at: int, before: int) -> bool:
        if shape.kind == "parameter":
            return before in b"(,\n" and self._after(at + len(word)) == 0x3D and self._called(at, shape.callee)
        if shape.kind == "module":
            return self._imported(at)
        if shape.kind != "name":
            return False
        if shape.owner:
            return self._star or self._imported(at)
        return not self._bound.surely(word, at)

    def _before(self, at: int) -> int:
        """The byte before a word, behind blanks; a line's end for the first word of a line after a comment."""
        code, at = self._code, at - 1
        while at >= 0 and code[at] in _SPACE:
            if code[at] == 0x0A and code.find(b"#", code.rfind(b"\n", 0, at) + 1, at) >= 0:
                return 0x0A
            at -= 1
        return code[at] if at >= 0 else 0x0A

    def _after(self, end: int) -> int:
        while end < len(self._code) and self._code[end] in _SPACE:
            end += 1
        return self._code[end] if end < len(self._code) else 0x0A

    def _receiver_fits(self, at: int, owners: set[bytes]) -> bool:
        receiver = self._word_before(self._code.rfind(b".", 0, at))
        if not receiver:
            return self._by_string  # `import_module("m").x`; nothing else that is no name can be a module
        return self._stands_for(receiver, owners)

    def _stands_for(self, name: bytes, meant: set[bytes]) -> bool:
        """Whether a name is one of those, or may be another name of it."""
        for _ in range(_ALIASES_OF_ALIASES):
            if name in meant:
                return True
            if name not in self._aliases:
                return False
            name = self._aliases[name]
        return True

    def _called(self, at: int, callee: bytes) -> bool:
        """Whether the argument at this place may be one of a call of the callee."""
        opening = self._opening(at)
        if opening is None:
            return True
        name = self._word_before(opening)
        if not name or name in _ANY_CALLEE or self._stands_for(name, {callee}):
            return True
        head = self._code[:opening].rstrip(_SPACE)[: -len(name)][-40:].split()
        if head and head[-1] in (b"def", b"class"):
            return head[-1] == b"class"
        return self._assigned(name)

    def _opening(self, at: int) -> int | None:
        """Where the bracket opens that the place is in, None when nobody finds it."""
        code, silent = self._code, quiet(self._code)
        least, depth, pos = max(0, at - _LONGEST_CALL), 0, at
        for _ in range(_MOST_BRACKETS):
            opening, closing = code.rfind(b"(", least, pos), code.rfind(b")", least, pos)
            pos = max(opening, closing)
            if pos < 0:
                return None
            if silent.hides(pos):
                continue
            if opening > closing:
                if not depth:
                    return opening
                depth -= 1
            else:
                depth += 1
        return None

    def _assigned(self, name: bytes) -> bool:
        """Whether the name gets its value from some expression of the text."""
        return any(self._code.find(name + sign) >= 0 for sign in (b" =", b"=", b" :=", b":"))

    def _word_before(self, end: int) -> bytes:
        while end > 0 and self._code[end - 1] in _SPACE:
            end -= 1
        start = end
        while start > 0 and self._code[start - 1] in WORD:
            start -= 1
        return self._code[start:end]

    @cached_property
    def _aliases(self) -> dict[bytes, bytes]:
        """Other names of modules and classes here, with the last word of what they stand for."""
        return dict(self._find_aliases())

    def _find_aliases(self) -> Iterator[tuple[bytes, bytes]]:
        code = self._code
        for at in offsets(code, b"as"):
            words = code[at + 2 : at + 100].replace(b",", b" ").replace(b")", b" ").replace(b":", b" ").split(None, 1)
            if words and (value := self._word_before(at)):
                yield words[0], value
        at = code.find(b" = ")
        while at >= 0:
            line_end = code.find(b"\n", at)
            value = code[at + 3 : line_end if line_end >= 0 else len(code)].split(b"#")[0].strip()
            if len(value) < 60 and value.replace(b".", b"").replace(b"_", b"").isalnum():
                yield self._word_before(at), value.rpartition(b".")[2]
            at = code.find(b" = ", at + 3)

    def _imported(self, at: int) -> bool:
        """Whether the place may lie in an import statement: nothing but names and commas since the word `import`
        or, for its module, the word `from`.
        """
        start = max(0, at - _LONGEST_IMPORT)
        for word in (b"import", b"from"):
            found = self._code.rfind(word, start, at)
            if found >= 0 and not self._code[found:at].translate(None, bytes(_LIST)):
                return True
        return False
