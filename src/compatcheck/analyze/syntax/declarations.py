"""`global` and `nonlocal`: names used before, parameters, names that are bound nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import Occurrence, occurrences, plain
from compatcheck.analyze.syntax.eras import MINORS, evaluation, working
from compatcheck.analyze.syntax.frames import Frame, frames
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import Tree, ancestors

_STATEMENTS = {"global_statement": "global", "nonlocal_statement": "nonlocal"}
_BINDING = ("bound", "imported", "annotated", "parameter")
_VARIANTS = {
    "3.14-": "in-annotation",
    "3.10-": "in-postponed-annotation",
    "3.6-3.12": "in-except",
    "3.13-": "in-else",
    "3.8-": "annotated-in-module",
}


def declaration(place: Place) -> Iterator[Hit]:
    """The place is a `global` or `nonlocal` statement; each of its names is looked at."""
    statement = place.node if place.node.type in _STATEMENTS else place.node.parent
    if statement is None or statement.type not in _STATEMENTS or statement.start_byte != place.offset:
        return
    keyword = _STATEMENTS[statement.type]
    around = list(frames(statement))
    for name in statement.named_children:
        if name.type == "identifier":
            for variant in _variants(name, statement, around, place.tree):
                yield hit(variant, name, keyword=keyword, name=plain(place.text(name)))


def _variants(name: Node, statement: Node, around: list[Frame], tree: Tree) -> list[str]:
    text = name.text or b""
    others = [
        other
        for other in occurrences(text, around[0].node.start_byte, around[0].node.end_byte, tree)
        if _same(other.frame, around[0]) and other.node.parent != statement
    ]
    reasons = {minor: _conflict(others, statement, around[0], minor, tree) for minor in MINORS}
    versions = working(lambda minor: reasons[minor] is None)
    if versions == "":
        return [reasons[MINORS[-1]] or "before"]
    if versions != "3.6-":
        return [_VARIANTS.get(versions, "before")]
    if statement.type == "nonlocal_statement":
        unbound = _unbound(text, around, tree)
        return [unbound] if unbound else []
    return ["annotated-in-module"] if _annotated_in_module(text, statement, around, tree) else []


def _annotated_in_module(name: bytes, statement: Node, around: list[Frame], tree: Tree) -> bool:
    """Whether the module, behind the function or class with the statement, annotates the name."""
    return (
        any(
            other.role == "annotated" and other.frame.kind == "module" and comes_before(statement, other.node, 6)
            for other in occurrences(name, 0, len(tree.code), tree)
        )
        and around[0].kind != "module"
    )


def _same(frame: Frame, other: Frame) -> bool:
    return frame.node == other.node and (frame.kind == "generic") == (other.kind == "generic")


def _conflict(others: list[Occurrence], statement: Node, frame: Frame, minor: int, tree: Tree) -> str | None:
    """What CPython 3.`minor` says of what the same scope does with the name."""
    found = {_reason(other, statement, frame, minor, tree) for other in others}
    return next((reason for reason in ("both", "parameter", "annotated", "before") if reason in found), None)


def _reason(other: Occurrence, statement: Node, frame: Frame, minor: int, tree: Tree) -> str | None:
    before = comes_before(other.node, statement, minor)
    if other.role in _STATEMENTS.values():
        return "both" if other.role != _STATEMENTS[statement.type] and before else None
    if other.role == "annotated" and (before or frame.kind != "module" or minor < 8):
        return "annotated"
    if not before or other.role == "imported":
        return None
    if other.role == "parameter":
        return "parameter"
    return "before" if not other.deferred or _counts(other, minor, tree) else None


def _counts(other: Occurrence, minor: int, tree: Tree) -> bool:
    """Whether an annotation's names count to the scope around it."""
    annotation = next(frame.node for frame in frames(other.node) if frame.kind == "annotation")
    return minor < 10 or (minor < 14 and evaluation(annotation, minor, tree) != "postponed")


def comes_before(node: Node, statement: Node, minor: int) -> bool:
    """Whether the symbol table meets the node first: until 3.12 it took the `else` of a `try` before its `except`."""
    if minor >= 13:
        return node.start_byte < statement.start_byte
    if node.start_byte < statement.start_byte:
        return not _in_clauses(node, "except_clause", statement, "else_clause")
    return _in_clauses(node, "else_clause", statement, "except_clause")


def _in_clauses(node: Node, kind: str, other: Node, other_kind: str) -> bool:
    """Whether both stand in the same `try`, one in a clause of one kind, the other in one of the other kind."""
    clauses = {
        clause.parent.id: clause
        for clause in ancestors(node)
        if clause.parent and clause.parent.type == "try_statement"
    }
    for clause in ancestors(other):
        if clause.parent is not None and clause.parent.id in clauses and clause.type == other_kind:
            return clauses[clause.parent.id].type == kind
    return False


def _unbound(name: bytes, around: list[Frame], tree: Tree) -> str | None:
    """Why a `nonlocal` name has no binding in the functions around."""
    if around[0].kind == "module":
        return "module"
    for frame in around[1:]:
        if frame.kind in ("function", "async"):
            roles = _roles(name, frame, tree)
            if "global" in roles:
                return "unbound"
            if roles.intersection(_BINDING):
                return None
        elif frame.kind == "generic" and "type parameter" in _roles(name, frame, tree):
            return "type-parameter"
        elif frame.kind == "class" and name == b"__class__":
            return None
    return "unbound"


def _roles(name: bytes, frame: Frame, tree: Tree) -> set[str]:
    """What a scope does with a name."""
    return {
        other.role
        for other in occurrences(name, frame.node.start_byte, frame.node.end_byte, tree)
        if _same(other.frame, frame)
    }
