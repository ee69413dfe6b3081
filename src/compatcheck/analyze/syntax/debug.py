"""`__debug__`, to which nothing can be assigned."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import occurrence, plain, role_of_target
from compatcheck.analyze.syntax.eras import skipped
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import enclosing

_NAMED_ARGUMENTS = ("keyword_argument", "keyword_pattern")
_BINDING = ("bound", "imported", "annotated", "parameter", "type parameter")


def debug_assignment(place: Place) -> Iterator[Hit]:
    """The place is the word `__debug__`."""
    node = place.node
    if node.type != "identifier" or plain(place.text(node)) != "__debug__":
        return
    variant = _variant(node)
    if variant == "assigned" and skipped(node, 12, place.tree):
        variant = "in-annotation"
    if variant:
        yield hit(variant, node)


def _variant(node: Node) -> str | None:
    parent = node.parent
    if parent is None:
        return None
    if parent.type == "attribute" and parent.child_by_field_name("attribute") == node:
        return _of_attribute(parent)
    if parent.type in _NAMED_ARGUMENTS and parent.named_child(0) == node:
        return "assigned"
    found = occurrence(node)
    if found is None or found.role not in _BINDING:
        return None
    if enclosing(node, "delete_statement") and found.role == "bound":
        return "deleted"
    if parent.type == "dotted_name" and parent.named_child_count > 1 and enclosing(node, "import_statement"):
        return "submodule"
    return "in-parentheses" if _is_bare_annotation(node) else "assigned"


def _of_attribute(attribute: Node) -> str | None:
    if role_of_target(attribute) == "used":
        return None
    if attribute.parent is not None and attribute.parent.type == "augmented_assignment":
        return "augmented-attribute"
    return "deleted-attribute" if enclosing(attribute, "delete_statement") else "assigned"


def _is_bare_annotation(node: Node) -> bool:
    """`(__debug__): int`, without a value."""
    statement = enclosing(node, "assignment")
    left = statement.child_by_field_name("left") if statement is not None else None
    if statement is None or left is None or left == node or not (left.start_byte < node.start_byte < left.end_byte):
        return False
    return statement.child_by_field_name("type") is not None and statement.child_by_field_name("right") is None
