"""What the evaluator of version tests asks about names, answered for one tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding, binding_at
from compatcheck.analyze.names.meanings import Meanings, imported_symbol
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.reach.climb import Reach
from compatcheck.analyze.reach.guards import Guards
from compatcheck.analyze.reach.values import Interpreter
from compatcheck.analyze.tree import Tree, ancestors, enclosing
from compatcheck.analyze.words import occurrences
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Stdlib

_MOST_OCCURRENCES = 60
_DEFINITIONS = ("function_definition", "class_definition")
# What may stand between a binding and the statement that decides whether it happens.
_PLAIN = frozenset(
    {"block", "expression_statement", "assignment", "else_clause", "pattern_list", "dotted_name", "import_statement",
     "import_from_statement", "aliased_import"}
)  # fmt: skip
_LIVE_KINDS = frozenset({"import", "from", "assign", "walrus", "function", "class"})


class Known:
    """Answers of one tree; `reach`, `guards` and `meanings` are those of the same tree; `told` knows other modules."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        meanings: Meanings,
        stdlib: Stdlib,
        reach: Reach,
        told: Callable[..., Any],
    ) -> None:
        self.told = told
        self._tree = tree
        self._scopes = scopes
        self._meanings = meanings
        self._stdlib = stdlib
        self._reach = reach
        self.guards: Guards
        self._seen_at: dict[int, Sequence[Binding]] = {}
        self._given: dict[tuple[bytes, tuple[int, ...]], list[Node | None]] = {}

    def symbols(self, node: Node) -> Sequence[str]:
        return sorted(self._meanings.symbols(node))

    def instance(self, node: Node) -> str | None:
        """The class of which the expression is an instance, as far as anything is known of it."""
        found = {meaning.symbol for meaning in self._meanings.of(node) if meaning.instance}
        return found.pop() if len(found) == 1 else None

    def exists(self, symbol: str, interpreter: Interpreter) -> bool | None:
        """Whether a runtime has the symbol; None when that does not depend on the version, or is not known."""
        fact = self._stdlib.fact(symbol.removeprefix("builtins."))
        return None if fact is None else bool(fact.works.bits >> interpreter.bit & 1)

    def imported(self, binding: Binding) -> str | None:
        return imported_symbol(self._tree, binding)

    def bindings(self, node: Node, interpreter: Interpreter) -> Sequence[Binding]:
        """The bindings that a name may have on a runtime; none when one of them says nothing."""
        live: list[Binding] = []
        for binding in self._seen(node):
            if not self._happens(binding, interpreter):
                continue
            if binding.kind not in _LIVE_KINDS:
                return ()
            if self._surely(binding, node, interpreter):
                live.clear()
            live.append(binding)
        return live

    def _seen(self, node: Node) -> Sequence[Binding]:
        if node.id not in self._seen_at:
            found = self._scopes.lookup(self._tree.text(node), node).bindings
            self._seen_at[node.id] = sorted(found, key=lambda binding: binding.effect)
        return self._seen_at[node.id]

    def _happens(self, binding: Binding, interpreter: Interpreter) -> bool:
        if binding.kind in ("import", "from"):
            symbol = self.imported(binding)
            if symbol is not None and self.exists(symbol, interpreter) is False:
                return False
        return self._reached(binding.node, interpreter)

    def _surely(self, binding: Binding, use: Node, interpreter: Interpreter) -> bool:
        """Whether a binding under version tests surely happens on the runtime, and so replaces earlier ones."""
        if binding.effect > use.start_byte and enclosing(use, "function_definition", "lambda") is None:
            return False
        for parent in ancestors(binding.node):
            if parent.type in ("if_statement", "elif_clause"):
                test = parent.child_by_field_name("condition")
                truth = self._reach.judged(test) if test is not None else None
                if truth is None or (truth.yes & truth.no).bits >> interpreter.bit & 1:
                    return False
            elif parent.type in ("module", "function_definition", "class_definition", "lambda"):
                return True
            elif parent.type not in _PLAIN:
                return False
        return True

    def members(self, node: Node, interpreter: Interpreter) -> Sequence[Node]:
        """The values that the attribute of a class of this file may have: `Compat.NEW`, `self.new`."""
        receiver, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if receiver is None or name is None or receiver.type != "identifier":
            return ()
        classes, word = self._classes(receiver), self._tree.text(name)
        if (key := (word, tuple(classes))) not in self._given:
            self._given[key] = list(self._set_in(classes, word)) if classes else []
        values: list[Node] = []
        for binding in self._given[key]:
            if binding is None:
                return ()
            if self._reached(binding, interpreter):
                values.append(binding)
        return values

    def _classes(self, receiver: Node) -> list[int]:
        """The ids of the class definitions whose attribute is meant; none when another thing may be."""
        if self._tree.text(receiver) in (b"self", b"cls"):
            around = enclosing(receiver, "class_definition")
            return [around.id] if around is not None else []
        meanings = self._meanings.of(receiver)
        owners = [meaning.own for meaning in meanings if meaning.own is not None]
        if len(owners) != len(meanings) or any(owner.type != "class_definition" for owner in owners):
            return []
        return [owner.id for owner in owners]

    def _set_in(self, classes: Sequence[int], name: bytes) -> Iterator[Node | None]:
        """The expressions that the classes' bodies and methods give to an attribute; None for one that is not known."""
        for at, node in enumerate(occurrences(self._tree, name)):
            around = enclosing(node, "class_definition")
            if at > _MOST_OCCURRENCES:
                yield None
            if around is None or around.id not in classes:
                continue
            parent = node.parent
            if parent is not None and parent.type == "attribute" and parent.parent is not None:
                if parent.parent.type == "assignment" and parent.parent.child_by_field_name("left") == parent:
                    yield parent.parent.child_by_field_name("right")
                elif parent.parent.type in ("augmented_assignment", "pattern_list", "delete_statement"):
                    yield None
            elif (binding := binding_at(node)) is not None and enclosing(node, *_DEFINITIONS) == around:
                yield binding.value if binding.kind == "assign" else None

    def function(self, called: Node, interpreter: Interpreter) -> Node | None:
        """The function of this file that a call runs, if there is only one on the runtime."""
        if called.type == "lambda":
            return called
        if called.type == "parenthesized_expression" and called.named_child_count == 1:
            return self.function(called.named_children[0], interpreter)
        if called.type == "attribute":
            return self._method(called)
        if called.type != "identifier":
            return None
        live = self.bindings(called, interpreter)
        if len(live) != 1:
            return None
        if live[0].kind == "function":
            return live[0].owner
        value = live[0].value
        return value if live[0].kind == "assign" and value is not None and value.type == "lambda" else None

    def _method(self, called: Node) -> Node | None:
        receiver, name = called.child_by_field_name("object"), called.child_by_field_name("attribute")
        classes = self._classes(receiver) if receiver is not None and receiver.type == "identifier" else []
        if name is None or not classes:
            return None
        found = []
        for node in occurrences(self._tree, self._tree.text(name)):
            parent = node.parent
            if parent is None or parent.type != "function_definition":
                continue
            if parent.child_by_field_name("name") == node:
                around = enclosing(parent, *_DEFINITIONS)
                if around is not None and around.id in classes:
                    found.append(parent)
        return found[0] if len(found) == 1 else None

    def import_works(self, statement: Node, interpreter: Interpreter) -> bool | None:
        """Whether an import statement succeeds on a runtime; None when nobody knows."""
        known: bool | None = None
        for symbol in imported_names(self._tree, statement):
            found = self.exists(symbol, interpreter)
            if found is False:
                return False
            known = known or found
        return known

    def handler(self, statement: Node, failure: str) -> Node | None:
        return self.guards.catching(statement, failure)

    def _reached(self, node: Node, interpreter: Interpreter) -> bool:
        return bool(self._reach.at(node).bits >> interpreter.bit & 1)

    def values(self, node: Node) -> Sequence[Node]:
        """Everything that a name may have been assigned."""
        if node.type != "identifier":
            return ()
        bindings = self._scopes.lookup(self._tree.text(node), node).bindings
        return [binding.value for binding in bindings if binding.kind in ("assign", "walrus") and binding.value]


def works_on(symbols: Sequence[str], stdlib: Stdlib, scope: RuntimeSet) -> RuntimeSet:
    """Where all of the symbols exist."""
    works = scope
    for symbol in symbols:
        if fact := stdlib.fact(symbol):
            works &= fact.works
    return works


def imported_names(tree: Tree, statement: Node) -> list[str]:
    """The dotted names that an import statement needs: packages, modules, and what is taken from them."""
    module = statement.child_by_field_name("module_name")
    names = [
        child.child_by_field_name("name") if child.type == "aliased_import" else child
        for child in statement.children_by_field_name("name")
    ]
    texts = [b"".join(tree.text(name).split()).decode("utf-8", "replace") for name in names if name is not None]
    if statement.type == "import_statement":
        return [prefix for text in texts for prefix in _prefixes(text)]
    if module is None or module.type != "dotted_name":
        return []
    head = tree.text(module).decode("utf-8", "replace")
    return [*_prefixes(head), *(f"{head}.{text}" for text in texts)]


def _prefixes(name: str) -> list[str]:
    """`a.b.c` needs `a` and `a.b`, too."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
