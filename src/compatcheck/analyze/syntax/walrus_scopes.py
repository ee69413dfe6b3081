"""Assignment expressions in comprehensions, classes, annotations and the scopes of type parameters."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import occurrences, plain
from compatcheck.analyze.syntax.eras import evaluation, working
from compatcheck.analyze.syntax.frames import Frame, after_in, frames, scope
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import Tree, ancestors

_COMPREHENSIONS = ("comprehension", "generator")
_IF_PRIVATE = {"rebinds": "rebinds-private", "used-in-target": None}


def assignment_scope(place: Place) -> Iterator[Hit]:
    """`:=` where no scope takes its target."""
    node = place.node.parent
    if not place.code.startswith(b":=", place.offset) or place.node.type not in (":=", ":") or node is None:
        return
    if node.type != "named_expression":
        yield from _unknown_form(place.node, node)
        return
    target = node.child_by_field_name("name")
    if target is None:
        return
    variant = "iterable" if _in_iterable(node) else _variant(node, target, place.tree)
    if variant:
        yield hit(variant, node, name=plain(place.text(target)))


def _unknown_form(sign: Node, parent: Node) -> Iterator[Hit]:
    """What tree-sitter cannot read: `(a) := 1`, and the defaults of type parameters."""
    if any(around.type == "type_parameter" for around in ancestors(sign)):
        yield hit("type-parameters", sign)
        return
    target = sign.prev_named_sibling or (parent.prev_named_sibling if parent.type == "ERROR" else None)
    if sign.type == ":" and target is not None and target.type == "parenthesized_expression":
        around = parent.parent.type if parent.type == "ERROR" and parent.parent is not None else parent.type
        misplaced = around in ("set", "subscript", "slice", "pair", "if_clause")
        yield hit("parenthesised-where-not" if misplaced else "parenthesised", target)


def _in_iterable(node: Node) -> bool:
    """Whether a comprehension loops over the expression, at any depth, lambdas included."""
    child = node
    for parent in ancestors(node):
        if parent.type == "for_in_clause" and after_in(parent, child):
            return True
        child = parent
    return False


def _variant(node: Node, target: Node, tree: Tree) -> str | None:
    nested = False
    annotated = None
    for frame in frames(node):
        if frame.kind in _COMPREHENSIONS:
            nested = True
            if found := _rebound(frame.node, node, target, tree):
                return _IF_PRIVATE.get(found, found) if _is_private(target) else found
        elif frame.kind == "annotation":
            if not nested:
                annotated = _annotated(frame.node, tree)
        elif frame.kind in ("generic", "bound", "alias"):
            return "type-parameters"
        else:
            if nested and frame.kind in ("function", "async") and _is_private(target):
                return annotated or _declared_global(frame, target, tree)
            return annotated or ("class-body" if nested and frame.kind == "class" else None)
    return None


def _annotated(annotation: Node, tree: Tree) -> str:
    versions = working(lambda minor: minor < (10 if evaluation(annotation, minor, tree) == "postponed" else 14))
    return "postponed-annotation" if versions == "3.6-3.9" else "annotation"


def _rebound(comprehension: Node, node: Node, target: Node, tree: Tree) -> str | None:
    """Whether the target is an iteration variable of the comprehension, or stands in its targets."""
    found = None
    for clause in comprehension.children:
        left = clause.child_by_field_name("left") if clause.type == "for_in_clause" else None
        if left is None:
            continue
        if left.start_byte <= node.start_byte < left.end_byte:
            return "in-target"
        later = clause.start_byte > node.end_byte and not _in_element(comprehension, node)
        if later and scope(node).node != comprehension:
            continue  # a comprehension in a condition comes before the loops after it
        for other in occurrences(target.text or b"", left.start_byte, left.end_byte, tree):
            if scope(other.node).node == comprehension:
                if later or other.role == "bound":
                    return "rebinds"
                found = "used-in-target"
    return found


def _is_private(target: Node) -> bool:
    """Whether a class mangles the name: CPython 3.8–3.12 did not find it among the targets then."""
    name = target.text or b""
    if not name.startswith(b"__") or name.endswith(b"__"):
        return False
    around = next((node for node in ancestors(target) if node.type == "class_definition"), None)
    owner = around.child_by_field_name("name") if around is not None else None
    return owner is not None and bool((owner.text or b"").strip(b"_"))


def _declared_global(function: Frame, target: Node, tree: Tree) -> str | None:
    """CPython 3.10–3.12 missed the declaration of a private name, and looked for it in the functions around."""
    found = occurrences(target.text or b"", function.node.start_byte, function.node.end_byte, tree)
    declared = any(other.role == "global" and other.frame.node == function.node for other in found)
    return "global-private" if declared else None


def _in_element(comprehension: Node, node: Node) -> bool:
    body = comprehension.child_by_field_name("body")
    return body is not None and body.start_byte <= node.start_byte < body.end_byte
