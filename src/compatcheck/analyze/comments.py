"""Comments that speak to compatcheck, vermin's `# novm` among them, and the lines that they speak for."""

from __future__ import annotations

import re

from tree_sitter import Node

from compatcheck.analyze.places import Places
from compatcheck.analyze.tree import Tree
from compatcheck.model.comments import parsed
from compatcheck.model.problems import Comment

_MARK = re.compile(rb"#\s*(?:(compatcheck:)|novm\b|novermin\b)")
# Blank lines and lines with nothing but a comment: what may stand between a comment and its statement.
_PASSED_OVER = re.compile(rb"(?:[ \t\f]*(?:#[^\n]*)?\n)*[ \t\f]*")


def comments_of(code: bytes, tree: Tree) -> tuple[Comment, ...]:
    """The comments in the order of the text. A mark inside a string is no comment."""
    if b"compatcheck:" not in code and b"novm" not in code and b"novermin" not in code:
        return ()
    places = Places(code)
    found = []
    for match in _MARK.finditer(code):
        node = tree.node_at(match.start())
        if node.type == "comment":
            found.append(_comment(match, node, tree, places))
    return tuple(found)


def _comment(match: re.Match[bytes], node: Node, tree: Tree, places: Places) -> Comment:
    start, end = match.start(), node.end_byte
    action, names = (
        ("novm", ()) if match[1] is None else parsed(tree.code[match.end() : end].decode("utf-8", "replace"))
    )
    text = tree.code[start:end].decode("utf-8", "replace").rstrip()
    if action == "ignore-file":
        lines = (1, tree.code.count(b"\n") + 1)
    else:
        lines = _lines(node, action, tree, places)
    return Comment(action, names, places.span(start, end), text, lines)


def _lines(comment: Node, action: str, tree: Tree, places: Places) -> tuple[int, int]:
    """Beside code: its line. On a line of its own: the next statement, of a compound one the head.

    vermin's comments hold for the body, too.
    """
    line = comment.start_point.row + 1
    begin = comment.start_byte - comment.start_point.column
    own_line = not tree.code[begin : comment.start_byte].strip()
    if not own_line and action != "novm":
        return line, line
    at = _PASSED_OVER.match(tree.code, begin)
    assert at is not None
    if at.end() >= len(tree.code):
        return line, line
    statement = _outermost(tree.node_at(at.end()))
    end = statement.end_byte if action == "novm" else _head_end(statement)
    return places.position(at.end())[0], places.position(max(at.end(), end - 1))[0]


def _outermost(node: Node) -> Node:
    """The largest piece of code that begins where the node does."""
    parent = node.parent
    while (
        parent is not None and parent.start_byte == node.start_byte and parent.type not in ("module", "block", "ERROR")
    ):
        node, parent = parent, parent.parent
    return node


def _head_end(statement: Node) -> int:
    """Where a statement ends, or where the body of a compound one begins."""
    definition = statement.child_by_field_name("definition")
    end = statement.start_byte
    for child in (definition or statement).children:
        if child.type == "block":
            return end
        if child.type != "comment":
            end = child.end_byte
    return statement.end_byte
