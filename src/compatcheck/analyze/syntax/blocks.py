"""How many loops, `with` and `try` stand in one another: CPython has room for twenty, or one more since 3.13."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from compatcheck.analyze.syntax.frames import is_async
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.tree import ancestors

_KINDS = ("for_statement", "while_statement", "with_statement", "try_statement")
_SCOPES = ("function_definition", "class_definition", "lambda")
# Accepted until 3.8, until 3.12, since 3.13.
_VARIANTS = {
    (False, False, False): "never",
    (False, False, True): "newest",
    (True, False, True): "gap",
    (True, False, False): "oldest",
}


@dataclass(frozen=True, slots=True)
class _Era:
    room: int
    handler: int


_ERAS = (_Era(20, 1), _Era(20, 2), _Era(21, 2))


def nested_blocks(place: Place) -> Iterator[Hit]:
    """The place is the first word of a statement."""
    statement = place.node.parent
    if statement is None or statement.type not in _KINDS:
        return
    outer = [_around(statement, era) for era in _ERAS]
    own = [_own(statement, era) for era in _ERAS]
    accepted = tuple(before + here <= era.room for before, here, era in zip(outer, own, _ERAS, strict=True))
    newly = any(before <= era.room < before + here for before, here, era in zip(outer, own, _ERAS, strict=True))
    if newly and accepted in _VARIANTS:
        yield hit(_VARIANTS[accepted], place.node)


def _around(statement: Node, era: _Era) -> int:
    """The blocks that are open where the statement begins."""
    count, child = 0, statement
    for parent in ancestors(statement):
        if parent.type in _SCOPES:
            return count + (era.room > 20 and parent.type == "function_definition" and _suspends(parent))
        count += _block(parent, child, era)
        child = parent
    return count


def _own(statement: Node, era: _Era) -> int:
    """The most blocks that are open in the statement itself."""
    return max([_block(statement, child, era) for child in statement.children], default=0)


def _block(statement: Node, child: Node, era: _Era) -> int:
    """The blocks that are open in this part of the statement."""
    if statement.type in ("for_statement", "while_statement"):
        return int(child.type == "block")
    if statement.type == "with_statement":
        clause = next((part for part in statement.children if part.type == "with_clause"), statement)
        return sum(part.type == "with_item" for part in clause.children) if child.type == "block" else 0
    if statement.type != "try_statement":
        return 0
    kinds = [part.type for part in statement.children]
    finally_, except_ = "finally_clause" in kinds, "except_clause" in kinds
    inside = {"block": int(except_), "except_clause": era.handler, "else_clause": 0}
    return finally_ + inside[child.type] if child.type in inside else int(child.type == "finally_clause")


def _suspends(function: Node) -> bool:
    """Whether it is a coroutine or a generator."""
    waiting = [function.child_by_field_name("body")] if not is_async(function) else []
    while waiting:
        node = waiting.pop()
        if node is None or node.type in _SCOPES:
            continue
        if node.type == "yield":
            return True
        waiting += node.named_children
    return is_async(function)
