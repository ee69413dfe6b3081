"""How deep a tree is, before rules climb in it: each step to a parent costs the way down from the root."""

from __future__ import annotations

from tree_sitter import Node

from compatcheck.analyze.parser import TooComplex, is_too_nested

_DEEPEST = 1_000
_BRACKETS = 200  # CPython's own limit, of all versions
_BUDGET = 10_000_000
_NORMAL = 60
_SMALL = 600
_LARGE = 1_000_000
_NESTING = b".+-*/%@|&^<>([{"


class Climbs:
    """What climbing from the places of one tree costs, all together; raises TooComplex when it is too much."""

    def __init__(self, code: bytes) -> None:
        # So few signs cannot nest deep, unless they are words, of which the parser takes 200.
        self._free = len(code) - len(code.translate(None, _NESTING)) < _SMALL and not is_too_nested(code)
        self._effort = 0

    def begin(self, root: Node, offset: int) -> None:
        """To be called before the first step from a place."""
        if self._free:
            return
        depth = _depth_at(root, offset)
        self._effort += depth * depth if depth > _NORMAL else 0
        if depth > _DEEPEST or self._effort > _BUDGET:
            raise TooComplex(f"code is nested {depth:,} deep: more than can be checked safely")


def nests_too_many_brackets(root: Node) -> bool:
    """Whether brackets are nested deeper than any CPython reads; true also of what is too large to look through."""
    if root.end_byte > _LARGE:
        return True
    cursor, level = root.walk(), 0
    while True:
        kind = cursor.node.type if cursor.node is not None else ""
        level += (kind in ("(", "[", "{")) - (kind in (")", "]", "}"))
        if level > _BRACKETS or cursor.depth > _DEEPEST:
            return True
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return False


def _depth_at(root: Node, offset: int) -> int:
    cursor, depth = root.walk(), 0
    while depth <= _DEEPEST and cursor.goto_first_child_for_byte(offset) is not None:
        depth += 1
    return depth
