"""`case` patterns that parse but do not compile: names twice, unreachable alternatives, keys and attributes twice."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from compatcheck.analyze.scans.headers import header
from compatcheck.analyze.syntax.bindings import plain
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import Tree, first_child

_SEQUENCES = ("list_pattern", "tuple_pattern", "case_clause")
_BEFORE_PATTERN = (b"case", b"(", b"[", b"{", b",", b":", b"|", b"=")
_BRACKETS = ("(", ")", "[", "]", ",", "case")


def case_clause(place: Place) -> Iterator[Hit]:
    """The place is the word `case`."""
    clause = place.node.parent
    if place.node.type == "case" and clause is not None and clause.type == "case_clause":
        last = clause.next_named_sibling is None or not _has_later_clause(clause)
        guarded = clause.child_by_field_name("guard") is not None
        yield from _Pattern(place.tree).hits(clause, last or guarded)


def positive_number(place: Place) -> Iterator[Hit]:
    """`+` before a number that begins a pattern; the tree reads it as an error."""
    if place.node.type != "case":
        return
    before, plus = b"", -1
    for token, at, depth in header(place.code, place.offset).tokens:
        if token == b"if" and not depth:
            return
        if token == b"0" and plus >= 0:
            yield Hit("plus", plus, plus + 1, {}, ((plus, b" "),))
        if token != b"\n":
            plus = at if token == b"+" and before in _BEFORE_PATTERN else -1
            before = token


def _has_later_clause(clause: Node) -> bool:
    later = clause.next_named_sibling
    while later is not None and later.type != "case_clause":
        later = later.next_named_sibling
    return later is not None


class _Pattern:
    """Walks one clause's pattern the way the compiler does."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._found: list[Hit] = []

    def hits(self, clause: Node, irrefutable_allowed: bool) -> list[Hit]:
        self._names(clause, irrefutable_allowed)
        return self._found

    def _names(self, node: Node, allowed: bool) -> list[Node]:
        """The names that a pattern binds; hits are kept. `allowed`: it may match everything."""
        kind = node.type
        if kind in _SEQUENCES:
            return self._sequence(node, allowed)
        if kind in ("_", "dotted_name"):
            return self._name(node, allowed)
        if kind == "case_pattern":
            return self._names(node.children[0], allowed) if node.child_count == 1 else []
        if kind == "as_pattern":
            inner = self._names(node.children[0], allowed)
            return self._joined([inner, [node.children[-1]]])
        if kind == "union_pattern":
            return self._alternatives(node, allowed)
        if kind == "class_pattern":
            return self._class(node)
        if kind == "dict_pattern":
            return self._mapping(node)
        if kind == "keyword_pattern":
            return self._names(node.children[-1], True)
        if kind == "splat_pattern":
            return [child for child in node.named_children if child.type == "identifier" and self._text(child) != "_"]
        if kind in ("string", "concatenated_string"):
            self._string(node)
        return []

    def _sequence(self, node: Node, allowed: bool) -> list[Node]:
        parts = [child for child in node.children if child.type in ("case_pattern", "splat_pattern")]
        group = node.type != "list_pattern" and not any(child.type == "," for child in node.children)
        if group and len(parts) == 1:
            if node.type == "tuple_pattern" and (first_child(parts[0]) or parts[0]).type == "splat_pattern":
                self._found.append(hit("lone-star", parts[0]))
            return self._names(parts[0], allowed)
        stars = [
            part
            for part in parts
            if (first_child(part) or part).type == "splat_pattern" or part.type == "splat_pattern"
        ]
        self._found += [hit("several-stars", star) for star in stars[1:2]]
        return self._joined([self._names(part, True) for part in parts])

    def _name(self, node: Node, allowed: bool) -> list[Node]:
        if node.type == "dotted_name" and node.named_child_count > 1:
            return []
        text = self._text(node)
        if not allowed:
            self._found.append(hit("unreachable", node, name=text))
        return [] if text == "_" else [node]

    def _alternatives(self, node: Node, allowed: bool) -> list[Node]:
        parts = [child for child in node.children if child.type != "|" and (child.is_named or child.type == "_")]
        bound = [self._names(part, allowed and index == len(parts) - 1) for index, part in enumerate(parts)]
        names = [{self._text(name) for name in alternative} for alternative in bound]
        if any(other != names[0] for other in names[1:]):
            self._found.append(hit("alternatives", node))
        return bound[0] if bound else []

    def _class(self, node: Node) -> list[Node]:
        parts = [child for child in node.children if child.type == "case_pattern"]
        attributes = [
            part.children[0].children[0] for part in parts if (first_child(part) or part).type == "keyword_pattern"
        ]
        self._twice(attributes, [self._text(attribute) for attribute in attributes], "attribute")
        return self._joined([self._names(part, True) for part in parts])

    def _mapping(self, node: Node) -> list[Node]:
        keys = list(self._keys(node))
        self._twice([key for key, _ in keys], [value for _, value in keys], "key")
        parts = [child for child in node.children if child.type in ("case_pattern", "splat_pattern")]
        return self._joined([self._names(part, True) for part in parts])

    def _keys(self, node: Node) -> Iterator[tuple[Node, object]]:
        """Each literal key with its value; keys are what stands before a colon."""
        pending: list[Node] = []
        for child in node.children:
            if child.type == ":" and pending:
                if pending[0].type != "dotted_name":
                    text = self._tree.code[pending[0].start_byte : pending[-1].end_byte]
                    yield pending[-1], _value(text)
                if pending[0].type in ("string", "concatenated_string"):
                    self._string(pending[0])
                pending = []
            elif child.type in ("{", ",", "case_pattern"):
                pending = []
            else:
                pending.append(child)

    def _string(self, node: Node) -> None:
        """Formatted strings are no literals."""
        strings = node.named_children if node.type == "concatenated_string" else [node]
        if any(set(b"fFtT") & set(string.children[0].text or b"") for string in strings if string.child_count):
            self._found.append(hit("formatted", node))

    def _joined(self, parts: Sequence[list[Node]]) -> list[Node]:
        names = [name for part in parts for name in part]
        self._twice(names, [self._text(name) for name in names], "name")
        return names

    def _twice(self, nodes: Sequence[Node], values: Sequence[object], variant: str) -> None:
        for index, (node, value) in enumerate(zip(nodes, values, strict=True)):
            if value in values[:index]:
                self._found.append(hit(variant, node, name=self._text(node)))

    def _text(self, node: Node) -> str:
        return plain(self._tree.text(node))


def _value(text: bytes) -> object:
    """The value of a literal; what cannot be read is equal to nothing else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.literal_eval(text.decode("utf-8"))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return object()
