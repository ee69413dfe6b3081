"""Several context managers in parentheses."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import as_block

_COMMENT = re.compile(r"#[^\r\n]*")
_WIDTH = 100
_INDENT = "        "


def unwrap(spot: Spot) -> None:
    """On one line, or with backslashes where that would be too long; nested where comments stand between the items."""
    statement = spot.node(cst.With)
    comments = [_comments(spot, statement, index) for index in range(len(statement.items))]
    if any(comments):
        spot.replace(statement, _nested(statement, comments))
        return
    plain = statement.with_changes(
        lpar=cst.MaybeSentinel.DEFAULT,
        rpar=cst.MaybeSentinel.DEFAULT,
        whitespace_after_with=cst.SimpleWhitespace(" "),
        items=_joined(statement.items, " "),
    )
    _, column = spot.document.start(statement)
    header = spot.document.code(plain.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]), leading_lines=()))
    if column + len(header.split("\n")[0]) > _WIDTH and len(statement.items) > 1:
        indent = " " * (column - 1) + _INDENT
        plain = plain.with_changes(items=_joined(statement.items, f" \\\n{indent}"))
    spot.replace(statement, plain)


def _joined(items: Sequence[cst.WithItem], gap: str) -> list[cst.WithItem]:
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(gap))
    return [*(item.with_changes(comma=comma) for item in items[:-1]), _alone(items[-1])]


def _alone(item: cst.WithItem) -> cst.WithItem:
    return item.with_changes(comma=cst.MaybeSentinel.DEFAULT)


def _comments(spot: Spot, statement: cst.With, index: int) -> list[str]:
    """The comments between an item and the next, or the parenthesis; those before the first item count for it."""
    item = statement.items[index]
    pieces: list[cst.CSTNode] = []
    if index == 0 and isinstance(statement.lpar, cst.LeftParen):
        pieces.append(statement.lpar)
    if isinstance(item.comma, cst.Comma):
        pieces.append(item.comma)
    if index == len(statement.items) - 1 and isinstance(statement.rpar, cst.RightParen):
        pieces.append(statement.rpar)
    return [found for piece in pieces for found in _COMMENT.findall(spot.document.code(piece))]


def _nested(statement: cst.With, comments: Sequence[Sequence[str]]) -> cst.With:
    body: cst.BaseSuite = as_block(statement.body)
    result = statement
    for item, said in reversed(list(zip(statement.items, comments, strict=True))):
        assert isinstance(body, cst.IndentedBlock)
        if said:
            comment = cst.Comment("  ".join([*said, *([body.header.comment.value] if body.header.comment else [])]))
            header = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), comment)
            body = body.with_changes(header=header)
        result = cst.With([_alone(item)], body, statement.asynchronous)
        body = cst.IndentedBlock([result])
    return result.with_changes(leading_lines=statement.leading_lines)
