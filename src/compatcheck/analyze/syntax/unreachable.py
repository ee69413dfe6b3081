"""Code that CPython 3.7 and older left out before they looked for errors: what stands under a constant that is false."""

from __future__ import annotations

from tree_sitter import Node

_EMPTY = (b'""', b"''", b'b""', b"b''")


def left_out(node: Node) -> bool:
    """Whether an `if` or `while` around the node has a constant that keeps it from running."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in ("if_statement", "while_statement", "elif_clause") and _excludes(parent, child):
            return True
        child, parent = parent, parent.parent
    return False


def _excludes(statement: Node, child: Node) -> bool:
    truth = _truth(statement.child_by_field_name("condition"))
    if child.type == "block":
        return truth is False
    if statement.type == "while_statement":
        return False  # its `else` is compiled, whatever the condition
    return (truth is True and child.type in ("elif_clause", "else_clause")) or _after_true_elif(statement, child)


def _after_true_elif(statement: Node, child: Node) -> bool:
    """Whether a clause of an `if` comes after an `elif` that always holds."""
    return any(
        clause.type == "elif_clause"
        and clause.start_byte < child.start_byte
        and _truth(clause.child_by_field_name("condition")) is True
        for clause in statement.children
    )


def _truth(test: Node | None) -> bool | None:
    """The value of a constant condition; None where it has none."""
    while test is not None and test.type == "parenthesized_expression" and test.named_child_count == 1:
        test = test.named_child(0)
    if test is None or test.text is None:
        return None
    if test.type in ("true", "ellipsis"):
        return True
    if test.type in ("false", "none"):
        return False
    if test.type == "string":
        return None if b"{" in test.text else test.text not in _EMPTY
    if test.type == "identifier":
        return True if test.text == b"__debug__" else None
    if test.type in ("integer", "float"):
        return bool(test.text.strip(b"0.jJxXoObB_"))
    return None
