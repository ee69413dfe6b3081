"""Several exceptions without parentheses."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot


def parenthesise(spot: Spot) -> None:
    """`except A, B:` with the parentheses that 3.14 made optional."""
    handler = spot.node(cst.ExceptHandler, cst.ExceptStarHandler)
    assert isinstance(handler, (cst.ExceptHandler, cst.ExceptStarHandler))
    types = handler.type
    if not isinstance(types, cst.Tuple) or types.lpar:
        raise Refused("the exceptions are written in a way that no fix knows")
    new = types.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    space = handler.whitespace_after_except if isinstance(handler, cst.ExceptHandler) else None
    if space is not None and not space.value:
        spot.replace(handler, handler.with_changes(type=new, whitespace_after_except=cst.SimpleWhitespace(" ")))
    else:
        spot.replace(types, new)
