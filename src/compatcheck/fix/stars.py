"""Unpacking where older versions want parentheses around the tuple, or a name of typing."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot


def in_result(spot: Spot) -> None:
    """`return *a, b` and `yield *a, b`: the tuple in parentheses."""
    _parenthesise(spot, cst.Return, cst.Yield)


def in_for(spot: Spot) -> None:
    """`for x in *a, b`: the tuple in parentheses."""
    _parenthesise(spot, cst.For)


def _parenthesise(spot: Spot, *holders: type[cst.CSTNode]) -> None:
    value = spot.node(cst.Tuple)
    if value.lpar or not isinstance(spot.document.parent(value), holders):
        raise Refused("the tuple stands in a place that no fix knows")
    spot.replace(value, value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))


def in_index(spot: Spot) -> None:
    """`a[*b, c]`: an index that is a tuple in parentheses."""
    element = spot.document.at(spot.place, None, cst.SubscriptElement)
    subscript = spot.document.nearest(element, cst.Subscript) if element is not None else None
    if subscript is None:
        raise Refused("the index is written in a way that no fix knows")
    elements = [_element(spot, each) for each in subscript.slice]
    if len(elements) == 1:
        elements = [elements[0].with_changes(comma=cst.Comma())]
    index = cst.Tuple(elements, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    spot.replace(subscript, subscript.with_changes(slice=[cst.SubscriptElement(cst.Index(index))]))


def _element(spot: Spot, each: cst.SubscriptElement) -> cst.BaseElement:
    part = each.slice
    if isinstance(part, cst.Index):
        kind = cst.StarredElement if part.star else cst.Element
        return kind(part.value, comma=each.comma)
    assert isinstance(part, cst.Slice)
    ends = [end or cst.Name("None") for end in (part.lower, part.upper, *([part.step] if part.step else []))]
    return cst.Element(cst.Call(spot.builtin("slice"), [cst.Arg(end) for end in ends]), comma=each.comma)


def annotation(spot: Spot) -> None:
    """`*args: *Ts`: `Unpack[Ts]`."""
    starred = spot.exactly(cst.StarredElement)
    unpack = spot.imported("typing:Unpack", starred)
    spot.replace(starred, cst.Subscript(unpack, [cst.SubscriptElement(cst.Index(starred.value))]))
