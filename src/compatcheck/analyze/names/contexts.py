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

# Who takes names in strings.
_READ_NAMES = frozenset({b"getattr", b"import_module", b"__import__", b"patch", b"setattr", b"delattr"})
_SPACE = b" \t\f\\\r\n"
_QUOTES = b"'\""
_DOT = 0x2E
_LINE_END = 0x0A
_DOTTED = bytes(WORD) + b"."
_LIST = bytes(WORD) + b"_,*.#()\\ \t\n\f"
_LONGEST_IMPORT = 4_000
_LONGEST_CALL = 4_000
_LONGEST_BLANK = 200
_MOST_BRACKETS = 60
_ALIASES_OF_ALIASES = 3
# Callees that stand for others: `partial(f, x=1)`, `super().__init__(x=1)`.
_ANY_CALLEE = frozenset({b"partial", b"partialmethod", b"__init__", b"__new__", b"cls", b"__class__"})


class _Wanted:
    """The shapes of one word, sorted by what must stand around it."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        kinds = {shape.kind for shape in shapes}
        self.member = "member" in kinds
        self.literal = "literal" in kinds
        self.owners = {shape.owner for shape in shapes if shape.owner and shape.kind in ("name", "module")}
        self.callees = {shape.callee for shape in shapes if shape.kind == "parameter"}
        self.builtin = any(shape.kind == "name" and not shape.owner for shape in shapes)
        self.top = any(shape.kind == "module" and not shape.owner for shape in shapes)


class Contexts:
    """Looks around words of one text; `standard` are the first words of the standard library's names."""

    def __init__(self, code: bytes, words: frozenset[bytes], standard: frozenset[str]) -> None:
        self._code = code
        self._standard = standard
        self._by_string = not words.isdisjoint(_READ_NAMES) or b"**{" in code
        self._bound = Bound(code)

    def places(self, word: bytes, shapes: Sequence[Shape]) -> Iterator[int]:
        """The offsets of the word that one of the shapes fits."""
        wanted = _Wanted(shapes)
        for at in offsets(self._code, word):
            if self._fits(word, at, wanted) and self._speaks(at):
                yield at

    def stands_for(self, at: int, owner: bytes) -> bool:
        """Whether the word at this place is an attribute of something that may be the owner, or no attribute."""
        return self._before(at) != _DOT or self._receiver_fits(at, {owner})

    def _speaks(self, at: int) -> bool:
        """Whether the place is code, or in a string that is nothing but a name and may be taken for one."""
        span = quiet(self._code).span(at)
        if span is None:
            return True
        return self._by_string and not self._code[slice(*span)].strip(_QUOTES).translate(None, _DOTTED)

    def _fits(self, word: bytes, at: int, wanted: _Wanted) -> bool:
        before = self._before(at)
        if before == _DOT:
            if wanted.member or (wanted.literal and self._after_literal(at)):
                return True
            return bool(wanted.owners) and self._receiver_fits(at, wanted.owners)
        end = at + len(word)
        if before in _QUOTES and self._by_string:
            return self._code[end : end + 1] in (b"'", b'"')
        if wanted.callees and before in b"(,\n" and self._after(end) == 0x3D and self._called(at, wanted.callees):
            return True
        if (wanted.owners or wanted.top) and self._imported(at, wanted):
            return True
        if wanted.owners and self._stars and self._starred(wanted.owners):
            return True
        return wanted.builtin and not self._bound.surely(word, at)

    def _before(self, at: int) -> int:
        """The byte before a word, behind blanks; a line's end for the first word of a line after a comment."""
        code, at = self._code, at - 1
        while at >= 0 and code[at] in _SPACE:
            if code[at] == _LINE_END and code.find(b"#", code.rfind(b"\n", 0, at) + 1, at) >= 0:
                return _LINE_END
            at -= 1
        return code[at] if at >= 0 else _LINE_END

    def _after(self, end: int) -> int:
        while end < len(self._code) and self._code[end] in _SPACE:
            end += 1
        return self._code[end] if end < len(self._code) else _LINE_END

    def _receiver_fits(self, at: int, owners: set[bytes]) -> bool:
        receiver = self._word_before(self._code.rfind(b".", 0, at))
        if receiver:
            return self._stands_for(receiver, owners)
        # `import_module("m").x`; nothing else that is no name can be a module
        return self._by_string and self._end_before(at) == b")"

    def _after_literal(self, at: int) -> bool:
        return self._end_before(at) in (b"'", b'"') or self._end_before(at, b")") in (b"'", b'"')

    def _end_before(self, at: int, closing: bytes = b"") -> bytes:
        """The last byte of what stands before the dot, and before closing brackets."""
        dot = self._code.rfind(b".", 0, at)
        return self._code[max(0, dot - _LONGEST_BLANK) : dot].rstrip(_SPACE + closing)[-1:]

    def _stands_for(self, name: bytes, meant: set[bytes]) -> bool:
        """Whether a name is one of those, or may be another name of it."""
        for _ in range(_ALIASES_OF_ALIASES):
            if name in meant:
                return True
            if name not in self._aliases:
                return False
            name = self._aliases[name]
        return True

    def _called(self, at: int, callees: set[bytes]) -> bool:
        """Whether the argument at this place may be one of a call of one of the callees."""
        opening = self._opening(at)
        if opening is None:
            return True
        name = self._word_before(opening)
        if not name or name in _ANY_CALLEE or self._stands_for(name, callees):
            return True
        head = self._code[max(0, opening - _LONGEST_BLANK) : opening].rstrip(_SPACE)[: -len(name)].split()
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

    def _imported(self, at: int, wanted: _Wanted) -> bool:
        """Whether the place may lie in an import statement (nothing but names and commas since the word `import` or,
        for its module, the word `from`) and mean a module, or a name of a module that is asked for.
        """
        importing, source = self._last(b"import", at), self._last(b"from", at)
        if source > importing:
            return not self._code[source:at].translate(None, _LIST)
        if importing < 0 or self._code[importing:at].translate(None, _LIST):
            return False
        words = self._code[source:importing].replace(b"\\", b" ").split() if source >= 0 else []
        return len(words) != 2 or words[1].rpartition(b".")[2] in wanted.owners

    def _last(self, word: bytes, at: int) -> int:
        """Where the word stands last before a place, -1 when it is not near."""
        code, start = self._code, max(0, at - _LONGEST_IMPORT)
        found = code.rfind(word, start, at)
        while found >= 0 and ((found and code[found - 1] in WORD) or code[found + len(word)] in WORD):
            found = code.rfind(word, start, found)
        return found

    def _starred(self, owners: set[bytes]) -> bool:
        """Whether `from m import *` may bring a name of one of the owners: m is it, or a module of somebody else."""
        return any(
            star.rpartition(b".")[2] in owners
            or star.partition(b".")[0].decode("ascii", "replace") not in self._standard
            for star in self._stars
        )

    @cached_property
    def _stars(self) -> frozenset[bytes]:
        """The modules that the text imports all names of."""
        code, found = self._code, set()
        for at in offsets(code, b"import") if b"*" in code else ():
            if code[at + 6 : at + 30].lstrip(_SPACE)[:1] == b"*":
                words = code[max(0, at - _LONGEST_BLANK) : at].split()
                found.add(words[-1] if words else b"")
        return frozenset(found)
