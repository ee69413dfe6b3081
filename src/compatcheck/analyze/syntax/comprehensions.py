"""Conditions of comprehensions."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import tokens
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code, blanked, is_word


def bare_lambda(place: Place) -> Iterator[Hit]:
    """`lambda` right after the `if` of a comprehension."""
    around = around_code(place) if is_word(place, b"lambda") else []
    if not around:
        return
    inside = around[-1]
    if inside.opener and inside.words[-1:] == [b"if"] and b"for" in inside.words:
        colon = _colon(place)
        neutral = (blanked(place.code, place.offset, colon + 1),)
        yield Hit("plain", place.offset, colon + 1, neutral=neutral)


def _colon(place: Place) -> int:
    """Where the parameters of the lambda end."""
    pending = depth = 0
    for token, at in tokens(place.code, place.offset):
        depth += (token in (b"(", b"[", b"{")) - (token in (b")", b"]", b"}"))
        pending += not depth and token == b"lambda"
        if not depth and token == b":":
            pending -= 1
            if not pending:
                return at
    return place.offset
