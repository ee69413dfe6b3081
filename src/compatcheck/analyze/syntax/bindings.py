"""What an identifier does where it stands, and to which scope that counts: a symbol table made only where it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

from tree_sitter import Node

from compatcheck.analyze.syntax.frames import Frame, frames
from compatcheck.analyze.tree import Tree

Role = Literal["parameter", "type parameter", "bound", "imported", "annotated", "used", "global", "nonlocal"]
_TARGETS = frozenset(
    [
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "list_splat_pattern",
        "list_splat",
        "parenthesized_expression",
        "tuple",
        "list",
        "expression_list",
    ]
)
_PARAMETERS = ("parameters", "lambda_parameters")
_TYPED = ("typed_parameter", "default_parameter", "typed_default_parameter")
_WITH_PARAMETERS = ("function_definition", "lambda", "class_definition", "type_alias_statement")
_NAMED = ("function_definition", "class_definition", "named_expression")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A name in one role. `frame` is the scope it counts to. `deferred`: it stands in an annotation, which newer
    CPythons give a scope of its own. `imported` names are bound, but a declaration may follow."""

    node: Node
    role: Role
    frame: Frame
    deferred: bool = False


def plain(name: bytes) -> str:
    """The name as Python compares it."""
    return normalize("NFKC", name.decode("utf-8", "replace"))


def occurrences(name: bytes, start: int, end: int, tree: Tree) -> Iterator[Occurrence]:
    """The uses and bindings of a name between two places, in the order of the text, of all scopes there."""
    word = rb"[\w\x80-\xff]+" if not name.isascii() else re.escape(name)
    wanted = plain(name)
    for match in re.compile(rb"(?<![\w\x80-\xff])" + word + rb"(?![\w\x80-\xff])").finditer(tree.code, start, end):
        node = tree.node_at(match.start(), match.end())
        if node.type == "identifier" and node.end_byte == match.end() and plain(match[0]) == wanted:
            if found := occurrence(node):
                yield found


def occurrence(node: Node) -> Occurrence | None:
    """What an identifier does; None where it is no variable's name (an attribute, a keyword)."""
    role = _role(node)
    if role is None:
        return None
    if role in ("parameter", "type parameter"):
        return Occurrence(node, role, _owner_of_parameter(node, role))
    outside = _named_statement(node) if role == "bound" else None
    around = list(frames(outside or node))
    if _is_walrus_target(node):
        in_comprehension = around[0].kind in ("comprehension", "generator")
        around = [frame for frame in around if frame.kind not in ("comprehension", "generator")]
        if in_comprehension and around[0].kind == "module":
            role = "imported"  # bound, but as a global already: a declaration may follow
    deferred = around[0].kind == "annotation"
    return Occurrence(node, role, next(frame for frame in around if frame.kind != "annotation"), deferred)


def _named_statement(node: Node) -> Node | None:
    """The `def`, `class` or `type` statement whose name the node is."""
    parent = node.parent
    while parent is not None and parent.type in ("type", "generic_type"):
        parent = parent.parent
    named = ("function_definition", "class_definition", "type_alias_statement")
    return parent if parent is not None and parent.type in named else None


def _owner_of_parameter(node: Node, role: Role) -> Frame:
    parent = node.parent
    while parent is not None and parent.type not in _WITH_PARAMETERS:
        parent = parent.parent
    return Frame("generic" if role == "type parameter" else "function", parent or node)


def _is_walrus_target(node: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.type == "named_expression" and parent.child_by_field_name("name") == node


def _role(node: Node) -> Role | None:
    parent = node.parent
    if parent is None:
        return None
    kind = parent.type
    if kind == "global_statement":
        return "global"
    if kind == "nonlocal_statement":
        return "nonlocal"
    if kind in ("attribute", "keyword_argument", "keyword_pattern", "member_type"):
        return _in_part(parent, node)
    if kind in _NAMED:
        return "bound" if parent.child_by_field_name("name") == node else "used"
    if kind in ("dotted_name", "aliased_import"):
        return _of_dotted_name(node, parent)
    if kind in _PARAMETERS or (kind in _TYPED and _is_parameter_name(node, parent)):
        return "parameter"
    if kind in ("splat_pattern", "as_pattern"):
        return "bound"
    if kind in ("list_splat_pattern", "dictionary_splat_pattern", "tuple_pattern") and _in_parameters(parent):
        return "parameter"
    return _of_type(node, parent) if kind in ("type", "list_splat", "splat_type") else role_of_target(node)


def _in_part(parent: Node, node: Node) -> Role | None:
    """`a.b`: the name is `a`; `f(a=b)` and `case A(a=b)`: it is `b`."""
    first = parent.named_child(0) == node
    if parent.type in ("attribute", "member_type"):
        return role_of_target(node) if first else None
    return None if first else "used"


def _of_dotted_name(node: Node, parent: Node) -> Role | None:
    """In imports and in `case` patterns."""
    if parent.type == "aliased_import":
        return "imported"
    if parent.named_child(0) != node:
        return None
    around = parent.parent
    if around is None or around.type in ("aliased_import", "future_import_statement"):
        return "imported" if around is not None and around.type == "future_import_statement" else None
    if around.type in ("import_statement", "import_from_statement"):
        return "imported" if parent in around.children_by_field_name("name") else None
    return "used" if around.type == "class_pattern" or parent.named_child_count > 1 else "bound"


def _is_parameter_name(node: Node, parent: Node) -> bool:
    return parent.named_child(0) == node


def _in_parameters(node: Node | None) -> bool:
    while node is not None and node.type in (
        "list_splat_pattern",
        "dictionary_splat_pattern",
        "tuple_pattern",
        *_TYPED,
    ):
        node = node.parent
    return node is not None and node.type in _PARAMETERS


def _of_type(node: Node, parent: Node) -> Role:
    """A name in a `type` node: a type parameter, the name of an alias, or part of an annotation."""
    around: Node | None = parent if parent.type == "type" else parent.parent
    while around is not None and around.type in ("type", "splat_type", "list_splat"):
        if around.type == "type" and around.parent is not None and around.parent.type == "constrained_type":
            if around.parent.named_child(0) != around:
                return "used"
            around = around.parent.parent
            continue
        if around.parent is not None and around.parent.type == "type_parameter":
            owner = around.parent.parent
            is_list = owner is not None and owner.type in ("function_definition", "class_definition", "generic_type")
            return "type parameter" if is_list and _declares(owner) else "used"
        if around.parent is not None and around.parent.type == "type_alias_statement":
            return "bound" if around.parent.child_by_field_name("left") == around else "used"
        around = around.parent
    return role_of_target(node)


def _declares(owner: Node | None) -> bool:
    """Whether a bracket after a name declares type parameters: `type X[T]`, not `list[int]` in an annotation."""
    if owner is None or owner.type != "generic_type":
        return owner is not None
    holder = owner.parent
    alias = holder.parent if holder is not None else None
    return alias is not None and alias.type == "type_alias_statement" and alias.child_by_field_name("left") == holder


def role_of_target(node: Node) -> Role:
    """Whether the name is assigned to, deleted, or read."""
    child, parent = node, node.parent
    bare = True
    while parent is not None and parent.type in _TARGETS:
        child, parent, bare = parent, parent.parent, False
    if parent is None:
        return "used"
    if parent.type in ("attribute", "subscript", "member_type"):
        return "used"
    if parent.type == "assignment" and parent.child_by_field_name("left") == child:
        return "annotated" if bare and parent.child_by_field_name("type") is not None else "bound"
    if parent.type in ("augmented_assignment", "for_statement", "for_in_clause"):
        return "bound" if parent.child_by_field_name("left") == child else "used"
    if parent.type in ("as_pattern_target", "delete_statement"):
        return "bound"
    if parent.type == "generic_type":
        alias = parent.parent.parent if parent.parent is not None else None
        if (
            alias is not None
            and alias.type == "type_alias_statement"
            and alias.child_by_field_name("left") == parent.parent
        ):
            return "bound" if parent.named_child(0) == child else "used"
    return "used"
