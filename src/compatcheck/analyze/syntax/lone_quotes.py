"""Quotes with which no string begins."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.lone_quotes import lone_quotes
from compatcheck.analyze.syntax.place import Hit, Place


def lone_quote(place: Place) -> Iterator[Hit]:
    """The quote is an empty string to who takes it: nothing behind another string, else any operand."""
    if place.offset not in lone_quotes(place.code):
        return
    before = place.code[: place.offset].rstrip(b" \t")[-1:]
    neutral = b" " if before in (b'"', b"'") else b"0"
    yield Hit("plain", place.offset, place.offset + 1, neutral=((place.offset, neutral),))
