"""Types in expressions: `list[int]`, `re.Pattern[str]`, `int | None`, where they are evaluated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from tree_sitter import Node

from compatcheck.analyze.names.annotations import Annotations
from compatcheck.analyze.names.meanings import Meaning, Meanings
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.model.rules import Confidence
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Fact, Stdlib

_UNION = "type.__or__"
_CLASSES = frozenset(
    {"int", "str", "bytes", "float", "bool", "complex", "list", "dict", "set", "tuple", "frozenset", "type", "object",
     "bytearray", "range", "memoryview", "slice"}
)  # fmt: skip


class Types:
    """Finds types that are used at run time in a way that only newer versions know."""

    def __init__(self, tree: Tree, meanings: Meanings, annotations: Annotations, stdlib: Stdlib) -> None:
        self._tree = tree
        self._meanings = meanings
        self._annotations = annotations
        self._stdlib = stdlib

    def subscripts(self, words: Iterable[bytes]) -> Iterator[Use]:
        """Uses of `X[…]` for classes whose last word is one of the words."""
        for word in words:
            needle = word + b"["
            at = self._tree.code.find(needle)
            while at >= 0:
                if not quiet(self._tree.code).covers(at):
                    node = self._tree.node_at(at + len(word), at + len(needle))
                    if node.type == "[":
                        yield from self._subscript(node, at)
                at = self._tree.code.find(needle, at + len(needle))

    def unions(self) -> Iterator[Use]:
        """Uses of `X | Y` between classes."""
        known = self._stdlib.fact(_UNION)
        if known is None:
            return
        fact = replace(known, symbol="X | Y", kind="subscript")
        at = self._tree.code.find(b"|")
        while at >= 0:
            if self._may_join_classes(at) and not quiet(self._tree.code).covers(at):
                node = self._tree.node_at(at)
                if node.type == "|":
                    yield from self._union(node, fact)
            at = self._tree.code.find(b"|", at + 1)

    def _may_join_classes(self, at: int) -> bool:
        """Whether a word beside the `|` looks like a class, or the line like an annotation: flags do not."""
        code = self._tree.code
        line = code.rfind(b"\n", 0, at) + 1
        left, right = code[max(line, at - 200) : at].split(), code[at + 1 : at + 80].split(None, 1)
        if not left or not right:
            return True
        sides = (left[-1].rpartition(b".")[2], right[0])
        if any(_class_like(word) for word in sides):
            return True
        return code.find(b"->", line, at) >= 0 or code.find(b": ", line, at) >= 0

    def _subscript(self, bracket: Node, at: int) -> Iterator[Use]:
        around = bracket.parent
        if around is not None and around.type == "type_parameter" and around.parent is not None:
            around = around.parent
        if around is None or around.type not in ("subscript", "generic_type") or _is_target(around):
            return
        value = around.child_by_field_name("value") or around.named_children[0]
        for meaning in self._meanings.of(value):
            if meaning.symbol and not meaning.instance:
                fact = self._stdlib.fact(f"{meaning.symbol.removeprefix('builtins.')}[]")
                if fact is not None:
                    yield from self._used(fact, around, meaning.on, meaning.confidence)

    def _union(self, sign: Node, fact: Fact) -> Iterator[Use]:
        around = sign.parent
        if around is None or around.type not in ("binary_operator", "union_type"):
            return
        outer = around.parent
        if outer is not None and outer.type == around.type:
            return  # the outermost one speaks for the chain
        operands = list(_operands(around))
        kinds = [self._is_class(operand) for operand in operands]
        if any(kind is False for kind in kinds):
            return
        if not _in_annotation(around) and not (all(kinds) and len(kinds) > 1):
            return
        confidence: Confidence = "certain" if any(kinds) else "likely"
        first = next(iter(self._meanings.of(operands[0])), self._meanings.unknown())
        yield from self._used(fact, around, first.on | fact.works, confidence)

    def _is_class(self, operand: Node) -> bool | None:
        """True for a class (or None), False for a value, None when nobody knows."""
        if operand.type in ("none", "generic_type"):
            return True
        if operand.type in ("string", "integer", "call", "float"):
            return False
        if operand.type == "subscript" or operand.type not in ("identifier", "attribute"):
            return None
        for meaning in self._meanings.of(operand):
            if meaning.own is not None:
                return True if meaning.own.type == "class_definition" else None
            if meaning.symbol is not None and not meaning.instance:
                return True if meaning.symbol.removeprefix("builtins.") in _CLASSES else None
        return None

    def _used(self, fact: Fact, node: Node, on: RuntimeSet, confidence: Confidence) -> Iterator[Use]:
        evaluated, read = self._annotations.evaluated(node)
        if evaluated:
            yield Use(fact, node, "TypeError", Meaning(fact.symbol, on & evaluated, confidence=confidence))
        elif read:
            yield Use(fact, node, "TypeError", Meaning(fact.symbol, on, confidence="possible"))


def _class_like(word: bytes) -> bool:
    name = word.strip(b"()[]{},:=|\"'").rpartition(b".")[2].split(b"[")[0]
    return name == b"None" or name.decode("utf-8", "replace") in _CLASSES or (name[:1].isupper() and not name.isupper())


def _operands(node: Node) -> Iterator[Node]:
    """The operands of a chain of `|`, without recursion: chains can be long."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if current.type == "type" and current.named_child_count == 1:
            waiting.append(current.named_children[0])
        elif current.type == "union_type" or any(child.type == "|" for child in current.children):
            waiting += reversed(current.named_children)
        else:
            yield current


def _in_annotation(node: Node) -> bool:
    for parent in ancestors(node):
        if parent.type == "type":
            return True
        if parent.type in ("block", "module", "argument_list", "call"):
            return False
    return False


def _is_target(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.type not in ("assignment", "augmented_assignment", "delete_statement"):
        return False
    return parent.type == "delete_statement" or parent.child_by_field_name("left") == node
