"""Python's scopes, one name at a time: where it is bound, and which bindings a use can see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding, binding_at
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import occurrences

COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
FUNCTIONS = frozenset({"function_definition", "lambda"})
_SCOPES = COMPREHENSIONS | FUNCTIONS | {"class_definition", "module"}
# Statements whose body may run never, once or often: a binding in them does not replace earlier ones.
_CONDITIONAL = frozenset(
    {
        "if_statement", "elif_clause", "else_clause", "for_statement", "while_statement", "try_statement",
        "except_clause", "except_group_clause", "case_clause", "match_statement", "conditional_expression",
        "boolean_operator",
    }
)  # fmt: skip
_LOOPS = frozenset({"for_statement", "while_statement"})


@dataclass(frozen=True, slots=True)
class Seen:
    """The bindings that a use can see; none of them in `scope` None means a builtin or a star import's name."""

    bindings: tuple[Binding, ...]
    scope: Node | None


class Scopes:
    """Looks names up in one tree. Work is done per name, when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._by_name: dict[bytes, dict[int, list[Binding]]] = {}

    def lookup(self, name: bytes, use: Node) -> Seen:
        """The bindings of `name` that the node `use` can see."""
        table = self._bindings(name)
        start = scope_of(use)
        scope: Node | None = start
        while scope is not None:
            found = table.get(scope.id, [])
            if found and (scope.type != "class_definition" or scope.id == start.id):
                seen = self._visible(found, use, scope, same=scope.id == start.id)
                if seen:
                    return Seen(seen, scope)
            scope = scope_of(scope) if scope.parent is not None else None
        return Seen((), None)

    def at_end(self, name: bytes) -> tuple[Binding, ...]:
        """The bindings of a name of the module that others can see when it has run."""
        root = self._tree.root
        return self._visible(self._bindings(name).get(root.id, []), root, root, same=False)

    def _bindings(self, name: bytes) -> dict[int, list[Binding]]:
        """Bindings of a name by the id of their scope; `global` and `nonlocal` send them outwards."""
        if name in self._by_name:
            return self._by_name[name]
        found = [binding for node in occurrences(self._tree, name) if (binding := binding_at(node))]
        redirected = {scope_of(b.node).id: b.kind for b in found if b.kind in ("global", "nonlocal")}
        table: dict[int, list[Binding]] = defaultdict(list)
        for binding in found:
            if binding.kind in ("global", "nonlocal"):
                continue
            scope = self._scope_of_binding(binding)
            kind = redirected.get(scope.id)
            if kind == "global":
                scope = self._tree.root
            elif kind == "nonlocal":
                scope = scope_of(scope)
            table[scope.id].append(binding)
        self._by_name[name] = table
        return table

    def _scope_of_binding(self, binding: Binding) -> Node:
        if binding.kind == "parameter":
            return binding.owner
        scope = scope_of(binding.owner if binding.kind in ("function", "class") else binding.node)
        if binding.kind == "walrus":
            while scope.type in COMPREHENSIONS:
                scope = scope_of(scope)
        return scope

    def _visible(self, found: list[Binding], use: Node, scope: Node, *, same: bool) -> tuple[Binding, ...]:
        """Without the bindings that a later, certain one replaces before the use."""
        if scope.type in COMPREHENSIONS:
            return tuple(found)  # its targets are bound before anything else in it is evaluated
        if not same:
            return tuple(_after_last_certain(found, scope))
        before = [b for b in found if b.effect <= use.start_byte or _in_one_loop(b.node, use, scope)]
        return tuple(_after_last_certain(before, scope, use))


def scope_of(node: Node) -> Node:
    """The scope in which a name at `node` is looked up (parameters' defaults and bases belong outside)."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in _SCOPES and _inside(parent, child, node):
            return parent
        child, parent = parent, parent.parent
    return child


def _inside(scope: Node, child: Node, node: Node) -> bool:
    if scope.type == "module":
        return True
    if scope.type in COMPREHENSIONS:
        first = next((c for c in scope.named_children if c.type == "for_in_clause"), None)
        right = first.child_by_field_name("right") if first is not None else None
        return not (first is not None and child == first and right is not None and _covers(right, node))
    return child == scope.child_by_field_name("body")


def _covers(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _after_last_certain(found: list[Binding], scope: Node, use: Node | None = None) -> list[Binding]:
    for at in range(len(found) - 1, -1, -1):
        if _certain(found[at], scope, use):
            return found[at:]
    return found


def _certain(binding: Binding, scope: Node, use: Node | None) -> bool:
    """Whether the binding has surely happened when the use (or the end of the scope) is reached."""
    node = binding.node.parent
    while node is not None and node.id != scope.id:
        if node.type in _CONDITIONAL and not (use is not None and _same_branch(node, binding.node, use)):
            return False
        node = node.parent
    return True


def _same_branch(conditional: Node, binding: Node, use: Node) -> bool:
    """Whether both stand in the same branch of a conditional statement."""
    branch = next((child for child in conditional.children if _covers(child, binding)), None)
    return branch is not None and _covers(branch, use)


def _in_one_loop(binding: Node, use: Node, scope: Node) -> bool:
    """Whether a binding after the use may still come before it: in the next round of a loop around both."""
    node = use.parent
    while node is not None and node.id != scope.id:
        if node.type in _LOOPS and _covers(node, binding):
            return True
        node = node.parent
    return False
