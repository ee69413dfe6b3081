"""Which places of a suspicious word are worth a look at the tree: what stands around it in the bytes.

Necessary, never sufficient: `math.lcm` needs `math.` or another name of it in front, `zip(strict)` a `=` behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from compatcheck.analyze.words import WORD, offsets

_SPACE = b" \t\f\\\r\n"
_LIST = frozenset(b"_,*.#()\\ \t\n\f") | WORD
_MEMBER_KINDS = frozenset({"method", "attribute", "operator", "subscript"})
_LONGEST_IMPORT = 4_000
_ALIASES_OF_ALIASES = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """What a symbol looks like in code. `owner` is the last word of what it belongs to, empty for builtins;
    `head` the first word; `kind` one of name, member, parameter, module. One of the `makers` must occur for a member:
    its class, the classes below it, or what gives its instances.
    """

    kind: str
    owner: bytes
    head: bytes
    callee: bytes = b""
    makers: frozenset[bytes] = frozenset()


def shape_of(symbol: str, kind: str, makers: Callable[[str], frozenset[bytes]]) -> Shape:
    """The shape of a symbol with a fact of this kind; `makers` gives the words that instances of a class come from."""
    path, _, parameter = symbol.partition("(")
    parts = path.encode().split(b".")
    if parameter:
        callee = parts[-2] if parts[-1] == b"__init__" and len(parts) > 1 else parts[-1]
        return Shape("parameter", b"", parts[0] if len(parts) > 1 and parts[0] not in _BUILTIN_CLASSES else b"", callee)
    owner = parts[-2] if len(parts) > 1 else b""
    if kind == "module":
        return Shape("module", owner, parts[0])
    member = kind in _MEMBER_KINDS or (kind == "constant" and owner[:1].isupper())
    if member and parts[0] in _BUILTIN_CLASSES:
        # No import and no name is needed for these: literals make them.
        return Shape("member", owner, b"", makers=frozenset() if parts[0] in _LITERALS else frozenset({owner}))
    made = makers(path.rpartition(".")[0]) if member else frozenset()
    return Shape("member" if member else "name", owner, parts[0] if len(parts) > 1 else b"", makers=made)


_LITERALS = frozenset(b"str bytes int float complex bool list tuple dict set".split())
_BUILTIN_CLASSES = frozenset(
    b"str bytes bytearray int float complex bool list tuple dict set frozenset memoryview range slice type object "
    b"property function BaseException Exception".split()
)


class Contexts:
    """Looks around words of one text."""

    def __init__(self, code: bytes, words: frozenset[bytes]) -> None:
        self._code = code
        self._words = words
        self._aliases: dict[bytes, bytes] | None = None
        self._by_string = not words.isdisjoint((b"getattr", b"import_module", b"__import__")) or b"**{" in code
        self._star = b"import *" in code

    def places(self, word: bytes, shapes: Iterable[Shape]) -> Iterator[int]:
        """The offsets of the word that one of the shapes fits."""
        wanted = [shape for shape in shapes if self._named(shape)]
        if wanted:
            for at in offsets(self._code, word):
                if self._fits(at, at + len(word), wanted):
                    yield at

    def _named(self, shape: Shape) -> bool:
        """Whether the words that the symbol cannot do without occur at all."""
        return (
            (not shape.head or shape.head in self._words)
            and (not shape.callee or shape.callee in self._words)
            and (not shape.makers or not shape.makers.isdisjoint(self._words))
        )

    def _fits(self, at: int, end: int, shapes: list[Shape]) -> bool:
        before = self._before(at)
        if before == 0x2E:  # .
            owners = {shape.owner for shape in shapes if shape.owner and shape.kind in ("name", "module")}
            return any(shape.kind == "member" for shape in shapes) or bool(owners and self._receiver_fits(at, owners))
        if before in b"'\"" and self._by_string:
            return True
        for shape in shapes:
            if shape.kind == "parameter":
                if before in b"(," and self._after(end) == 0x3D:
                    return True
            elif shape.kind == "module":
                if self._imported(at):
                    return True
            elif shape.kind == "name" and (not shape.owner or self._star or self._imported(at)):
                return True
        return False

    def _before(self, at: int) -> int:
        at -= 1
        while at >= 0 and self._code[at] in _SPACE:
            at -= 1
        return self._code[at] if at >= 0 else 0x0A

    def _after(self, end: int) -> int:
        while end < len(self._code) and self._code[end] in _SPACE:
            end += 1
        return self._code[end] if end < len(self._code) else 0x0A

    def _receiver_fits(self, at: int, owners: set[bytes]) -> bool:
        receiver = self._word_before(self._code.rfind(b".", 0, at))
        if not receiver:
            return self._by_string  # `import_module("m").x`; nothing else that is no name can be a module
        for _ in range(_ALIASES_OF_ALIASES):
            if receiver in owners:
                return True
            if receiver not in self.aliases:
                return False
            receiver = self.aliases[receiver]
        return True

    def _word_before(self, end: int) -> bytes:
        while end > 0 and self._code[end - 1] in _SPACE:
            end -= 1
        start = end
        while start > 0 and self._code[start - 1] in WORD:
            start -= 1
        return self._code[start:end]

    @property
    def aliases(self) -> dict[bytes, bytes]:
        """Other names of modules and classes here, with the last word of what they stand for."""
        if self._aliases is None:
            self._aliases = dict(self._find_aliases())
        return self._aliases

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
