"""`yield` before what cannot be its value."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import is_operand, next_token
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code, is_word

_OPERATORS = frozenset(b"/ // % @ & | ^ << >> < > <= >= == != and or in is if for async".split())


def before_operator(place: Place) -> Iterator[Hit]:
    around = around_code(place) if is_word(place, b"yield") else []
    if not around:
        return
    inside = around[-1]
    word, at = next_token(place.code, place.offset + 5, skip_lines=bool(inside.opener))
    if word in _OPERATORS and not (inside.tokens and (is_operand(inside.words[-1]) or inside.words[-1] == b".")):
        yield Hit("plain", place.offset, at + len(word), {"operator": word.decode()})
