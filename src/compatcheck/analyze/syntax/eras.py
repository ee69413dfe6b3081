"""What the compiler of each CPython leaves out before it looks for errors, and on which versions a form then works."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from tree_sitter import Node

from compatcheck.analyze.syntax.frames import scope
from compatcheck.analyze.syntax.unreachable import left_out
from compatcheck.analyze.tree import Tree, ancestors

# The minors of CPython 3 that began to treat scopes differently; each stands for those up to the next.
MINORS = (6, 7, 8, 10, 11, 12, 13, 14)
_POSTPONED = re.compile(rb"from[ \t\f\\\n]+__future__[ \t\f\\\n]+import[^;]*?annotations")


def working(works: Callable[[int], bool]) -> str:
    """The versions as `3.7-3.10`, open at the end as `3.7-`; empty for none."""
    parts = []
    start = None
    for minor in MINORS:
        if works(minor):
            start = minor if start is None else start
        elif start is not None:
            parts.append(f"3.{start}-3.{minor - 1}" if start != minor - 1 else f"3.{start}")
            start = None
    if start is not None:
        parts.append(f"3.{start}-")
    return " ".join(parts)


def skipped(node: Node, minor: int, tree: Tree) -> bool:
    """Whether CPython 3.`minor` does not compile this code at all: constant conditions, annotations not evaluated."""
    if minor <= 7 and left_out(node):
        return True
    if minor >= 14:
        return False
    child = node
    for parent in ancestors(node):
        if is_annotation(child, parent) and _not_evaluated(child, minor, tree):
            return True
        child = parent
    return False


def is_annotation(child: Node, parent: Node) -> bool:
    return child.type == "type" and parent.type in (
        "assignment", "typed_parameter", "typed_default_parameter", "function_definition"
    )  # fmt: skip


def _not_evaluated(annotation: Node, minor: int, tree: Tree) -> bool:
    when = evaluation(annotation, minor, tree)
    return when == "never" or (when == "postponed" and minor >= 7)


def evaluation(annotation: Node, minor: int, tree: Tree) -> Literal["at-once", "never", "postponed"]:
    """When CPython 3.6–3.13 evaluate an annotation; 3.14 defers all. Those of local variables never are."""
    statement = annotation.parent
    variable = statement is not None and statement.type == "assignment"
    local = variable and statement is not None and scope(statement).kind in ("function", "async")
    if postponed(tree) and (local or minor >= 10 or not variable or _is_simple(statement)):
        return "postponed"
    return "never" if local else "at-once"


def _is_simple(statement: Node | None) -> bool:
    """Whether a variable annotation is of a bare name: 3.7–3.9 did not postpone the others."""
    target = statement.child_by_field_name("left") if statement is not None else None
    return target is not None and target.type == "identifier"


def postponed(tree: Tree) -> bool:
    """Whether the module imports `annotations` from `__future__`."""
    for match in _POSTPONED.finditer(tree.code):
        statement = tree.node_at(match.start()).parent
        if statement is not None and statement.type == "future_import_statement":
            return any(
                b"annotations" in (name.text or b"").split() for name in statement.children_by_field_name("name")
            )
    return False
