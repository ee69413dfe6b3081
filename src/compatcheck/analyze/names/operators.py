"""Operators and statements that ask an object for a method only some versions have: `dict | dict`, `with token:`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tree_sitter import Node

from compatcheck.analyze.names.meanings import Meanings
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import offsets

_WITH = {"__enter__": "with {cls}", "__aenter__": "async with {cls}"}
OPERATORS = ("__or__", "__ior__", "__reversed__", "__enter__", "__aenter__")
_SHOWN = {"__or__": "{cls} | …", "__ior__": "{cls} |= …", "__reversed__": "reversed({cls})", **_WITH}
_NO_DICTS = frozenset(b"str int float bytes bool None list tuple set complex object type".split())
_DICTS = (b"{", b"dict(", b"Dict", b"environ", b"vars(", b"globals(", b"locals(", b"dict")


def may_ask(code: bytes, words: frozenset[bytes], name: str) -> bool:
    """Whether a text may ask for the special method at all."""
    if name in _WITH:
        return b"with" in words
    if name == "__reversed__":
        return b"reversed" in words
    sign = b"|=" if name == "__ior__" else b"|"
    if sign not in code or not any(word in code for word in _DICTS):
        return False
    at = code.find(sign)
    while at >= 0:
        if _may_be_dicts(code, at):
            return True
        at = code.find(sign, at + 1)
    return False


class Operators:
    """Finds them in one text; `wanted` are the special methods that count."""

    def __init__(self, tree: Tree, meanings: Meanings, wanted: frozenset[str]) -> None:
        self._tree = tree
        self._meanings = meanings
        self._wanted = wanted

    def uses(self) -> Iterator[Use]:
        """The uses that end in a TypeError, or in an AttributeError for `with`."""
        if self._wanted & {"__or__", "__ior__"}:
            yield from self._joined()
        if self._wanted & _WITH.keys():
            for at in offsets(self._tree.code, b"with"):
                node = self._tree.node_at(at, at + 4)
                if node.type == "with" and node.parent is not None:
                    yield from self._entered(node.parent)
        if "__reversed__" in self._wanted:
            for at in offsets(self._tree.code, b"reversed"):
                call = self._tree.node_at(at, at + 8).parent
                if call is not None and call.type == "call" and self._is_builtin(call):
                    arguments = call.child_by_field_name("arguments")
                    if arguments is not None and arguments.named_child_count == 1:
                        yield from self._asked(arguments.named_children[0], "__reversed__", "TypeError")

    def _is_builtin(self, call: Node) -> bool:
        function = call.child_by_field_name("function")
        return function is not None and self._meanings.symbols(function) == {"reversed"}

    def _joined(self) -> Iterator[Use]:
        at = self._tree.code.find(b"|")
        while at >= 0:
            if _may_be_dicts(self._tree.code, at):
                node = self._tree.node_at(at)
                around = node.parent
                left = around.child_by_field_name("left") if around is not None else None
                if left is not None and around is not None and left.end_byte <= at:
                    if around.type == "binary_operator" and node.type == "|":
                        yield from self._asked(left, "__or__", "TypeError")
                    elif around.type == "augmented_assignment":
                        yield from self._asked(left, "__ior__", "TypeError")
            at = self._tree.code.find(b"|", at + 1)

    def _entered(self, statement: Node) -> Iterator[Use]:
        name = "__aenter__" if any(child.type == "async" for child in statement.children) else "__enter__"
        clause = next((child for child in statement.children if child.type == "with_clause"), None)
        for item in clause.named_children if clause is not None and name in self._wanted else ():
            value = item.child_by_field_name("value")
            if value is not None and value.type == "as_pattern":
                value = value.named_children[0]
            if value is not None:
                yield from self._asked(value, name, "AttributeError")

    def _asked(self, value: Node, name: str, failure: str) -> Iterator[Use]:
        meanings = self._meanings.of(value)
        for meaning in meanings:
            if not meaning.instance or meaning.symbol is None or (meaning.inherited and self._meanings.defines(name)):
                continue
            fact = self._meanings.member_fact(meaning, name)
            if fact is not None and all(other.symbol for other in meanings):
                cls = fact.symbol.rpartition(".")[0]
                yield Use(replace(fact, symbol=_SHOWN[name].format(cls=cls)), value, failure, meaning)


def _may_be_dicts(code: bytes, at: int) -> bool:
    """Whether what stands beside the `|` is no flag, class, number, text or comment."""
    line = code.rfind(b"\n", 0, at) + 1
    left, right = code[max(line, at - 40) : at].split(), code[at + 1 : at + 60].lstrip(b"=").split(None, 1)
    if b"#" in code[line:at]:
        return False
    names = [left[-1] if left else b"", right[0] if right else b""]
    return not any(_is_other(name.rpartition(b".")[2].strip(b"()[],:")) for name in names)


def _is_other(name: bytes) -> bool:
    if b"{" in name or b"}" in name:
        return False
    return name[:1].isupper() or name[:1].isdigit() or name[:1] in (b"'", b'"') or name in _NO_DICTS
