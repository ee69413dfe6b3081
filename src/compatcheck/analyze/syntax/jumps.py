"""`return`, `break` and `continue`: where they may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.frames import scope
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.syntax.unreachable import left_out

_LOOPS = ("for_statement", "while_statement")
_SCOPES = ("function_definition", "class_definition", "module")
_STATEMENTS = {"return_statement": "return", "break_statement": "break", "continue_statement": "continue"}


def return_outside(place: Place) -> Iterator[Hit]:
    """`return` outside of functions."""
    node = _statement(place)
    if node is not None and node.type == "return_statement" and scope(node).kind in ("module", "class"):
        yield hit("unreachable" if left_out(node) else "outside", node)


def loop_jump(place: Place) -> Iterator[Hit]:
    """`break` and `continue` outside of loops, and `continue` in a `finally` clause of the loop's body."""
    node = _statement(place)
    if node is None or node.type not in ("break_statement", "continue_statement"):
        return
    finally_clause = False
    for block in _blocks(node):
        if block.type in _LOOPS:
            if finally_clause and node.type == "continue_statement" and not left_out(node):
                yield hit("continue-in-finally", node)
            return
        finally_clause |= block.type == "finally_clause"
    keyword = _STATEMENTS[node.type]
    yield hit(f"{keyword}-unreachable" if left_out(node) else keyword, node)


def except_star_jump(place: Place) -> Iterator[Hit]:
    """Jumps out of an `except*` clause."""
    yield from _jump_out_of(place, lambda block: block.type == "except_clause" and _is_star(block))


def finally_jump(place: Place) -> Iterator[Hit]:
    """Jumps out of a `finally` clause; CPython does not warn of a `return` in a loop in it."""
    yield from _jump_out_of(place, lambda block: block.type == "finally_clause", any_loop=True)


def _jump_out_of(place: Place, matches: Callable[[Node], bool], any_loop: bool = False) -> Iterator[Hit]:
    node = _statement(place)
    if node is None:
        return
    keyword = _STATEMENTS[node.type]
    for block in _blocks(node):
        if block.type in _LOOPS and (any_loop or keyword != "return"):
            return
        if matches(block):
            yield hit("jump", node, keyword=keyword)
            return


def _statement(place: Place) -> Node | None:
    node = place.node if place.node.type in _STATEMENTS else place.node.parent
    return node if node is not None and node.type in _STATEMENTS and node.start_byte == place.offset else None


def _blocks(node: Node) -> Iterator[Node]:
    """The compound statements and clauses that hold the node in their bodies, up to its function, class or module."""
    child, parent = node, node.parent
    while parent is not None and parent.type not in _SCOPES:
        if not (parent.type in _LOOPS and child.type == "else_clause"):
            yield parent
        child, parent = parent, parent.parent


def _is_star(clause: Node) -> bool:
    """`except*`, of which tree-sitter has no name: a star right after the keyword."""
    return (clause.text or b"")[6:].lstrip(b" \t\f\\\n").startswith(b"*")
