"""Bugs inside guards: tests that are never true, handlers for the wrong error, names that nothing bound."""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tree_sitter import Node

from compatcheck.analyze.names.annotations import Annotations
from compatcheck.analyze.names.bindings import Binding, binding_at
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.reach.evaluate import EXTRAS
from compatcheck.analyze.reach.guards import caught_by
from compatcheck.analyze.reach.knowledge import works_on
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.analyze.words import occurrences
from compatcheck.model.rules import Severity
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet

if TYPE_CHECKING:
    from compatcheck.analyze.library import Library

_TEXTS = frozenset({"sys.version", "platform.python_version"})
_ORDERING = frozenset({"<", "<=", ">", ">="})
_DOTTED = re.compile(rb"[bru]*['\"]\d+\.\d")
_RELATED = ("ModuleNotFoundError", "ImportError", "AttributeError", "NameError", "TypeError")
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_BINDS = frozenset({"import", "from", "assign", "walrus", "function", "class", "for", "with", "except", "augmented"})
_BUILTINS = frozenset(dir(builtins))
_MOST = 200


@dataclass(frozen=True, slots=True)
class Slip:
    """One bug in a guard: the rule of rules/library that says what is wrong, the place, where it matters."""

    rule: str
    node: Node
    on: RuntimeSet
    severity: Severity
    values: dict[str, str] = field(default_factory=dict)


class Slips:
    """Looks for them in one text, with what its Library knows."""

    def __init__(self, library: Library, tree: Tree, words: frozenset[bytes], runtimes: Runtimes, scope: RuntimeSet):
        self._library = library
        self._tree = tree
        self._words = words
        self._runtimes = runtimes
        self._scope = scope

    def of(self, uses: Iterable[tuple[Use, RuntimeSet]], imports: Iterable[Node]) -> Iterator[Slip]:
        """All slips; `uses` are those that are reported, `imports` imported names that some version lacks."""
        yield from self._tests()
        uses = list(uses)
        yield from self._off_by_one(uses)
        yield from self._handlers(use for use, reach in uses if not reach <= use.fact.works)
        yield from self._unbound(imports)

    # Tests.

    def _tests(self) -> Iterator[Slip]:
        seen: set[tuple[str, int]] = set()
        for word in self._library.candidates.tests:
            for node in occurrences(self._tree, word):
                comparison, test = _around(node)
                if comparison is not None and ("comparison", comparison.id) not in seen:
                    seen.add(("comparison", comparison.id))
                    yield from self._comparison(comparison)
                if test is not None and ("test", test.id) not in seen:
                    seen.add(("test", test.id))
                    yield from self._obsolete(test)

    def _comparison(self, node: Node) -> Iterator[Slip]:
        parts = [child for child in node.children if child.type not in EXTRAS]
        operands, signs = [part for part in parts if part.is_named], [part.type for part in parts if not part.is_named]
        for left, sign, right in zip(operands, signs, operands[1:], strict=False):
            for told, other in ((left, right), (right, left)):
                yield from self._pair(node, told, sign, other)

    def _pair(self, node: Node, told: Node, sign: str, other: Node) -> Iterator[Slip]:
        whole = {"sys.version_info"} & self._library.meanings.symbols(told) if _is_name(told) else None
        test = {"test": self._text(node)}
        if whole and sign in ("==", "!=") and other.type in ("tuple", "string") and len(_items(other)) < 5:
            yield Slip("version-equality", node, self._scope, "warning", {**test, "result": str(sign == "!=").lower()})
        elif whole and sign in _ORDERING and other.type == "string":
            reach = self._library.reach.at(node) & self._scope
            yield Slip("version-type", node, reach, "error" if reach else "warning", test)
        elif sign in _ORDERING and _DOTTED.match(self._tree.text(other)) and self._is_text(told):
            yield Slip("version-string", node, self._scope, "warning", test)

    def _is_text(self, node: Node) -> bool:
        while node.type == "subscript" and (value := node.child_by_field_name("value")) is not None:
            node = value
        if node.type == "call" and (function := node.child_by_field_name("function")) is not None:
            node = function
        return _is_name(node) and bool(_TEXTS & self._library.meanings.symbols(node))

    def _obsolete(self, test: Node) -> Iterator[Slip]:
        """A test that all targets answer in one way, and of the others only older versions in another."""
        everything = self._runtimes.where(lambda runtime: runtime.platform is None)
        members = [runtime.python for runtime in self._runtimes.members(self._scope)]
        below = self._runtimes.where(lambda runtime: runtime.python < min(members)) if members else NO_RUNTIMES
        evaluator = self._library.conditions.evaluator
        truth = self._library.conditions.each(lambda on: evaluator.value(test, on), everything | self._scope)
        for other, result in ((truth.no, "true"), (truth.yes, "false")):
            if other and other <= below and not other & self._scope:
                values = {"test": self._text(test), "result": result, "older": self._runtimes.phrase(other)}
                yield Slip("obsolete-guard", test, self._scope, "info", values)

    def _off_by_one(self, uses: Iterable[tuple[Use, RuntimeSet]]) -> Iterator[Slip]:
        """Tests of the version that let through the one version for which they are there."""
        seen: set[int] = set()
        for use, reach in uses:
            fails = reach - use.fact.works
            if use.deprecated or len(fails) != 1 or not reach & use.fact.works:
                continue
            test = self._guard(use.node, fails)
            if test is not None and test.id not in seen:
                seen.add(test.id)
                values = {"test": self._text(test), "version": self._runtimes.phrase(fails), "symbol": use.fact.symbol}
                yield Slip("off-by-one-guard", test, fails, "warning", values)

    def _guard(self, node: Node, fails: RuntimeSet) -> Node | None:
        """The test of the nearest `if` around a place that keeps some versions out, but not these."""
        child = node
        for parent in ancestors(node):
            if parent.type in ("function_definition", "class_definition", "module"):
                return None
            if parent.type == "if_statement" and child.type in ("block", "else_clause"):
                test = parent.child_by_field_name("condition")
                truth = self._library.conditions.of(test) if test is not None else None
                if truth is not None and truth.yes != truth.no and fails <= (truth.yes | truth.no):
                    return test
            child = parent
        return None

    # Handlers.

    def _handlers(self, uses: Iterable[Use]) -> Iterator[Slip]:
        """Handlers around a use that fails, for another error than the one it ends in."""
        guards, seen = self._library.guards, set()
        for use in uses:
            for statement in guards.around(use.node):
                if statement.type != "try_statement" or guards.catching(statement, use.failure) is not None:
                    continue
                for clause in statement.children:
                    value = caught_by(clause) if clause.type == "except_clause" else None
                    if value is None or clause.id in seen or not any(guards.catches(clause, e) for e in _RELATED):
                        continue
                    seen.add(clause.id)
                    values = {"caught": self._text(value), "raised": use.failure, "symbol": use.fact.symbol}
                    yield Slip("wrong-exception", value, self._scope - use.fact.works, "warning", values)

    # Names.

    def _unbound(self, imports: Iterable[Node]) -> Iterator[Slip]:
        if b"import *" in self._tree.code:
            return
        annotations: Annotations | None = None
        for binding in self._guarded(imports):
            name = self._tree.text(binding.node)
            annotations = annotations or self._library.annotations()
            for at, node in enumerate(occurrences(self._tree, name)):
                if at > _MOST:
                    break
                if not _is_use(node) or binding_at(node) is not None:
                    continue
                unbound = self._without(node, name, binding) & annotations.evaluated(node)[0]
                if unbound:
                    severity: Severity = "warning" if _in_function(node) else "error"
                    values = {"name": name.decode("utf-8", "replace"), "line": str(binding.node.start_point.row + 1)}
                    yield Slip("unbound-name", node, unbound, severity, values)

    def _guarded(self, imports: Iterable[Node]) -> Iterator[Binding]:
        """Names bound by imports that not all targets get to, or survive."""
        seen: set[bytes] = set()
        for node in imports:
            statement = next((parent for parent in ancestors(node) if parent.type in _IMPORTS), None)
            if statement is None or statement.parent is None or statement.parent.type == "module":
                continue
            tests = [_test(parent) for parent in ancestors(statement) if parent.type == "if_statement"]
            if any(b"TYPE_CHECKING" in self._tree.text(test) for test in tests):
                continue
            for child in statement.children_by_field_name("name"):
                bound = child.named_children[-1] if child.type == "aliased_import" else child.named_children[0]
                binding = binding_at(bound)
                name = self._tree.text(bound)
                if binding is None or name in seen or name.decode("utf-8", "replace") in _BUILTINS:
                    continue
                seen.add(name)
                yield binding

    def _without(self, node: Node, name: bytes, binding: Binding) -> RuntimeSet:
        """The runtimes that reach a use of a name without any of its bindings, and do not catch that."""
        library = self._library
        bindings = library.scopes.lookup(name, node).bindings
        if not any(each.node.id == binding.node.id for each in bindings):
            return NO_RUNTIMES
        bound = NO_RUNTIMES
        for each in (*bindings, *self._before_with(binding, name)):
            if each.kind not in _BINDS:
                return NO_RUNTIMES
            there, works = library.reach.at(each.node), self._works(each)
            bound |= there & works
            if each.kind in ("import", "from") and not there <= works:
                bound |= there & library.escaping(each.node, "ImportError")  # it never comes to the use
        left = library.reached(node) - bound
        return library.escaping(node, "NameError") & left if left else left

    def _before_with(self, binding: Binding, name: bytes) -> Iterator[Binding]:
        """Bindings that an import in a `with suppress(…)` replaces only where it works."""
        if any(parent.type == "with_statement" for parent in ancestors(binding.node)):
            for node in occurrences(self._tree, name):
                if node.start_byte < binding.node.start_byte and (each := binding_at(node)) is not None:
                    yield each

    def _works(self, binding: Binding) -> RuntimeSet:
        if binding.kind not in ("import", "from"):
            return self._scope
        symbol = self._library.known.imported(binding)
        parts = symbol.split(".") if symbol else []
        return works_on([".".join(parts[:n]) for n in range(1, len(parts) + 1)], self._library.stdlib, self._scope)

    def _text(self, node: Node) -> str:
        text = b" ".join(self._tree.text(node).split()).decode("utf-8", "replace")
        return text if len(text) <= 60 else f"{text[:57]}…"


def _around(node: Node) -> tuple[Node | None, Node | None]:
    """The comparison that a name takes part in, and the test of the statement that it belongs to."""
    comparison, child = None, node
    for parent in ancestors(node):
        if parent.type == "comparison_operator" and comparison is None:
            comparison = parent
        if parent.type in ("if_statement", "elif_clause"):
            return comparison, child if child == parent.child_by_field_name("condition") else None
        if parent.type == "conditional_expression" and len(parent.named_children) == 3:
            return comparison, child if child == parent.named_children[1] else None
        if parent.type in ("block", "module", "lambda", "expression_statement", "argument_list"):
            break
        child = parent
    return comparison, None


def _test(statement: Node) -> Node:
    return statement.child_by_field_name("condition") or statement


def _items(node: Node) -> list[Node]:
    return [child for child in node.named_children if child.type not in EXTRAS]


def _is_name(node: Node) -> bool:
    return node.type in ("identifier", "attribute")


def _is_use(node: Node) -> bool:
    """Whether an identifier looks a name up: no attribute's name, keyword or part of an import."""
    parent = node.parent
    if parent is None or parent.type in ("dotted_name", "aliased_import", "global_statement", "nonlocal_statement"):
        return False
    if parent.type == "attribute":
        return parent.child_by_field_name("object") == node
    return not (parent.type == "keyword_argument" and parent.child_by_field_name("name") == node)


def _in_function(node: Node) -> bool:
    return any(parent.type in ("function_definition", "lambda") for parent in ancestors(node))
