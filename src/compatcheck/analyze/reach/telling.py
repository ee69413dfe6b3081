"""Which words of a text can tell versions apart: only tests that hold one of them are worth evaluating."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tree_sitter import Node

from compatcheck.analyze.tree import Tree, ancestors, enclosing
from compatcheck.analyze.words import occurrences, words_of

# Words that tell versions by themselves.
_VERSIONS = frozenset(
    b"version_info hexversion PY2 PY3 PY34 python_version python_version_tuple python_implementation "
    b"TYPE_CHECKING HIGHEST_PROTOCOL DEFAULT_PROTOCOL".split()
)
# Words that ask for a name: they tell versions when the name is one that some version lacks.
_ASKING = frozenset(b"hasattr getattr find_spec dir vars __dict__ modules".split())
_CONSTANTS = frozenset({"true", "false", "none", "integer"})
_IMPORT_HANDLERS = frozenset(b"ImportError ModuleNotFoundError AttributeError NameError SyntaxError suppress".split())
_FLAGS = frozenset({"true", "false", "none", "identifier", "attribute", "comparison_operator"})
# Values that can be worked out; others do not tell anything whatever they depend on.
_VALUES = _FLAGS | {"integer", "string", "tuple", "boolean_operator", "not_operator", "lambda", "subscript"}
_WHOLE = frozenset({"call", "comparison_operator"})
_QUOTED = re.compile(rb"['\"](\w+)['\"]")
_ROUNDS = 3
_LARGEST_PREDICATE = 2_000
_LONGEST_ASSIGNMENT = 300
_MOST_NAMES = 300
_BINDING_STATEMENTS = frozenset({"assignment", "function_definition", "class_definition", "import_statement",
                                 "import_from_statement"})  # fmt: skip


class Telling:
    """Finds the names of one text that depend on the version: flags, predicates, names bound under version tests."""

    def __init__(
        self, tree: Tree, words: frozenset[bytes], dependent: frozenset[bytes], more: frozenset[bytes] = frozenset()
    ) -> None:
        self._roots = _VERSIONS | more  # more: flags and predicates that other modules define
        self._tree = tree
        self._words = words
        self._dependent = dependent
        self._found: frozenset[bytes] | None = None
        self._constants: dict[bytes, bool] = {}

    def matters(self, test: Node) -> bool:
        """Whether the test's value can depend on the version, or is a constant."""
        if test.type in _CONSTANTS or self._is_constant(test):
            return True
        found = self.words
        words = words_of(self._tree.text(test))
        if not words.isdisjoint(found):
            return True
        if words.isdisjoint(_ASKING):
            return False
        return any(name in self._dependent for name in _QUOTED.findall(self._tree.text(test)))

    def _is_constant(self, test: Node) -> bool:
        """Whether the test is a private name of the module that is only ever set to a constant, once."""
        name = self._tree.text(test) if test.type == "identifier" else b""
        if not name.startswith(b"_"):
            return False
        if name not in self._constants:
            set_to = re.findall(rb"(?m)^%s *= *(?:False|True|None|\d+)(?= *(?:#.*)?$)" % name, self._tree.code)
            every = re.findall(
                rb"\b%s\b\s*(?::[^\n=]*)?[+|&-]?=(?!=)|\bglobal\b[^\n]*\b%s\b" % (name, name), self._tree.code
            )
            self._constants[name] = len(set_to) == len(every) == 1
        return self._constants[name]

    @property
    def words(self) -> frozenset[bytes]:
        if self._found is None:
            self._found = frozenset(self._collect())
        return self._found

    def _collect(self) -> set[bytes]:
        roots = self._roots
        if b"sys.version" in self._tree.code or b"from sys import" in self._tree.code:
            roots |= {b"version"}
        if b"sys.implementation" in self._tree.code:
            roots |= {b"implementation"}
        found = set(self._words & roots)
        asking = self._words & _ASKING if not self._words.isdisjoint(self._dependent) else frozenset()
        fresh: Iterable[bytes] = found | asking | (self._words & _IMPORT_HANDLERS)
        for _ in range(_ROUNDS):
            told = {pair for word in fresh for node in occurrences(self._tree, word) for pair in self._told(node)}
            fresh = {name for name, spreads in told if spreads} - found
            found |= {name for name, _ in told}
            if not fresh or len(found) > _MOST_NAMES:
                break
        return found

    def _told(self, node: Node) -> Iterator[tuple[bytes, bool]]:
        """The names that get their value, or their existence, from a place that tells versions; and whether other
        names may get theirs from them: what is local to a function or a class tells nobody else.
        """
        alias = node.parent.parent if node.parent is not None and node.parent.type == "dotted_name" else None
        if alias is not None and alias.type == "aliased_import":
            yield self._tree.text(alias.named_children[-1]), True
        elif alias is None and not (self._tree.text(node) in _ASKING and not self._asks(node)):
            names: list[bytes] = []
            local = False
            for place in self._places(node):
                if place.type in ("function_definition", "class_definition", "module"):
                    if not local and place.type == "function_definition" and not self._is_special(place):
                        method = place.parent is not None and enclosing(place, "class_definition") is not None
                        yield self._name(place), not method
                    local = True
                else:
                    names += self._given(place)
            yield from ((name, not local) for name in names)

    def _asks(self, node: Node) -> bool:
        """Whether `hasattr` and the like are asked for a name that some version lacks."""
        call = next((parent for parent in ancestors(node) if parent.type in _WHOLE), None)
        text = self._tree.text(call) if call is not None else b""
        return any(name in self._dependent for name in _QUOTED.findall(text))

    def _is_special(self, function: Node) -> bool:
        return self._name(function).startswith(b"__")

    def _given(self, place: Node) -> Iterator[bytes]:
        return self._targets(place, attributes=True) if place.type == "assignment" else self._bound_in(place)

    def _places(self, node: Node) -> Iterator[Node]:
        """Around a word that tells versions: assignments and statements that bind names by it, small functions that
        return by it, and the class or function in which that is.
        """
        child, decides = node, False
        for parent in ancestors(node):
            kind = parent.type
            if kind == "assignment" and parent.child_by_field_name("left") != child:
                if parent.end_byte - parent.start_byte <= _LONGEST_ASSIGNMENT:
                    yield parent
            elif kind == "if_statement" and child.type not in ("block", "else_clause"):
                decides = True
                yield parent
            elif kind == "try_statement" and child.type in ("except_clause", "except_group_clause"):
                if not _tries_names(parent):
                    return
                decides = b"import" in self._tree.text(parent.child_by_field_name("body") or parent)
                yield parent
            elif kind == "with_statement" and child.type == "with_clause":
                yield parent
            elif kind in ("return_statement", "lambda"):
                decides = True
            elif kind in ("function_definition", "class_definition"):
                if kind == "class_definition" or (
                    decides and parent.end_byte - parent.start_byte <= _LARGEST_PREDICATE
                ):
                    yield parent
                    return
                yield from self._outside(parent)
                return
            child = parent

    def _outside(self, function: Node) -> Iterator[Node]:
        """Says that names are local, of a function that decides nothing."""
        around = enclosing(function, "class_definition")
        yield around if around is not None else self._tree.root

    def _bound_in(self, statement: Node) -> Iterator[bytes]:
        """Names that the direct statements of a compound statement's blocks bind."""
        waiting = list(statement.named_children)
        while waiting:
            node = waiting.pop()
            if node.type in ("block", "else_clause", "elif_clause", "except_clause", "finally_clause",
                             "expression_statement", "if_statement", "try_statement"):  # fmt: skip
                waiting += node.named_children
            elif node.type in _BINDING_STATEMENTS and (node.type != "assignment" or _is_flag(node)):
                yield from self._targets(node)

    def _targets(self, statement: Node, *, attributes: bool = False) -> Iterator[bytes]:
        if statement.type == "assignment":
            left = statement.child_by_field_name("left")
            if left is not None and left.type == "attribute" and attributes:
                left = left.child_by_field_name("attribute")
            for target in _targets(left) if left is not None else ():
                yield self._tree.text(target)
        elif statement.type in ("function_definition", "class_definition"):
            yield self._name(statement)
        else:
            for name in statement.children_by_field_name("name"):
                yield self._tree.text(name.child_by_field_name("alias") or name.named_children[-1])

    def _name(self, definition: Node) -> bytes:
        name = definition.child_by_field_name("name")
        return self._tree.text(name) if name is not None else b""


def _is_flag(assignment: Node) -> bool:
    right = assignment.child_by_field_name("right")
    return right is not None and right.type in _VALUES


def _targets(left: Node) -> list[Node]:
    return [left] if left.type == "identifier" else [node for node in left.named_children if node.type == "identifier"]


def _tries_names(statement: Node) -> bool:
    """Whether a `try` only looks whether a name is there: imports and flags."""
    body = statement.child_by_field_name("body")
    for child in body.named_children if body is not None else ():
        if child.type in ("import_statement", "import_from_statement"):
            return True
        inner = child.named_children[0] if child.named_child_count else child
        right = inner.child_by_field_name("right") if inner.type == "assignment" else inner
        if right is not None and right.type in _FLAGS:
            return True
    return False
