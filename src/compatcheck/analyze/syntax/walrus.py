"""Assignment expressions: `:=`, and where it may stand without parentheses."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import Level, is_name, is_operand, stop
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code
from compatcheck.analyze.tree import enclosing


def assignment_expression(place: Place) -> Iterator[Hit]:
    around = around_code(place) if place.code.startswith(b":=", place.offset) else []
    if not around or not around[-1].tokens or not is_name(around[-1].words[-1]):
        return
    if len(around) == 1 and enclosing(place.node, "interpolation"):
        return  # `f"{a:=5}"`: a format specification
    end = stop(place.code, place.offset + 2, b"\n" if len(around) == 1 else b"")[1]
    start = around[-1].tokens[-1][1]
    yield Hit(_variant(place, around), start, start + len(place.code[start:end].rstrip()))


def _variant(place: Place, around: list[Level]) -> str:
    """What the place without parentheses of its own needs."""
    inside, before = around[-1], around[-2].words[:-1] if len(around) > 1 else []
    called = bool(before) and is_operand(before[-1])
    if inside.words[-2:-1] not in ([], [b","]):
        return "plain"
    if inside.opener == b"{":
        return "in-set"
    if inside.opener == b"[" and called:
        return "in-index"
    in_generator = stop(place.code, place.offset + 2)[0] in (b"for", b"async")
    return "in-generator" if inside.opener == b"(" and called and in_generator else "plain"
