"""What an identifier binds: imports, assignments, parameters, loops, definitions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

Kind = Literal[
    "import", "from", "assign", "for", "with", "except", "parameter", "function", "class", "delete", "augmented",
    "walrus", "capture", "type", "global", "nonlocal",
]  # fmt: skip
_PATTERNS = frozenset(
    {"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "expression_list", "tuple", "list"}
)
_PARAMETERS = frozenset({"parameters", "lambda_parameters"})
_PARAMETER_KINDS = frozenset(
    {
        "default_parameter",
        "typed_parameter",
        "typed_default_parameter",
        "list_splat_pattern",
        "dictionary_splat_pattern",
    }
)


@dataclass(frozen=True, slots=True)
class Binding:
    """`node` binds its name through the statement or expression `owner`; `value` is the expression it gets.

    `value` is None where there is no such expression (tuple targets, loops). For `import a.b` it is the dotted name.
    """

    kind: Kind
    node: Node
    owner: Node
    value: Node | None = None

    @property
    def effect(self) -> int:
        """The byte from which on the binding holds."""
        if self.kind in ("assign", "augmented", "import", "from", "walrus", "type"):
            return self.owner.end_byte
        return self.node.start_byte


def binding_at(node: Node) -> Binding | None:
    """The binding that this identifier makes, or None when it only uses the name."""
    parent = node.parent
    if parent is None:
        return None
    for find in (_import, _definition, _parameter, _target, _declaration):
        if binding := find(node, parent):
            return binding
    return None


def _import(node: Node, parent: Node) -> Binding | None:
    if parent.type == "aliased_import":
        if parent.child_by_field_name("alias") != node or parent.parent is None:
            return None
        return _imported(node, parent.parent, parent.child_by_field_name("name"))
    if parent.type != "dotted_name" or parent.parent is None or parent.named_children[0] != node:
        return None
    statement = parent.parent
    if statement.type in ("import_from_statement", "future_import_statement"):
        return None if statement.child_by_field_name("module_name") == parent else _imported(node, statement, parent)
    return _imported(node, statement, parent) if statement.type == "import_statement" else None


def _imported(node: Node, statement: Node, value: Node | None) -> Binding:
    return Binding("import" if statement.type == "import_statement" else "from", node, statement, value)


def _definition(node: Node, parent: Node) -> Binding | None:
    if parent.type in ("function_definition", "class_definition") and parent.child_by_field_name("name") == node:
        return Binding("function" if parent.type == "function_definition" else "class", node, parent)
    return None


def _parameter(node: Node, parent: Node) -> Binding | None:
    child, outer = node, parent
    while outer.type in _PARAMETER_KINDS:
        first = outer.child_by_field_name("name") or outer.named_children[0]
        if first != child or outer.parent is None:
            return None
        child, outer = outer, outer.parent
    if outer.type not in _PARAMETERS or outer.parent is None:
        return None
    return Binding("parameter", node, outer.parent, child)


def _target(node: Node, parent: Node) -> Binding | None:
    if parent.type == "named_expression" and parent.child_by_field_name("name") == node:
        return Binding("walrus", node, parent, parent.child_by_field_name("value"))
    if parent.type == "as_pattern_target" or parent.type == "as_pattern":
        return _as_target(node, parent)
    child, outer = node, parent
    while outer.type in _PATTERNS and outer.parent is not None:
        child, outer = outer, outer.parent
    direct = child == node
    if outer.type in ("assignment", "augmented_assignment") and outer.child_by_field_name("left") == child:
        value = outer.child_by_field_name("right") if direct else None
        return Binding("assign" if outer.type == "assignment" else "augmented", node, outer, value)
    if outer.type in ("for_statement", "for_in_clause") and outer.child_by_field_name("left") == child:
        return Binding("for", node, outer, outer.child_by_field_name("right") if direct else None)
    if outer.type == "delete_statement":
        return Binding("delete", node, outer)
    return _capture(node, parent)


def _as_target(node: Node, parent: Node) -> Binding | None:
    pattern = parent.parent if parent.type == "as_pattern_target" else parent
    if pattern is None or pattern.parent is None or pattern.named_children[-1] not in (parent, node):
        return None
    if parent.type == "as_pattern" and pattern.named_children[-1] != node:
        return None
    around = pattern.parent.type
    kind: Kind = "with" if around == "with_item" else "except" if around.startswith("except") else "capture"
    return Binding(kind, node, pattern.parent, pattern.named_children[0])


def _capture(node: Node, parent: Node) -> Binding | None:
    around = parent.parent
    if parent.type == "splat_pattern" or (
        parent.type == "dotted_name" and parent.named_child_count == 1 and around is not None
        and around.type in ("case_pattern", "keyword_pattern")
    ):  # fmt: skip
        return Binding("capture", node, parent)
    return None


def _declaration(node: Node, parent: Node) -> Binding | None:
    if parent.type == "global_statement":
        return Binding("global", node, parent)
    if parent.type == "nonlocal_statement":
        return Binding("nonlocal", node, parent)
    if parent.type == "type" and parent.parent is not None and parent.parent.type in ("type_alias_statement",):
        return Binding("type", node, parent.parent) if parent.parent.child_by_field_name("left") == parent else None
    return None
