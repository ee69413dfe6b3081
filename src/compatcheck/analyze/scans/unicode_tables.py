"""Since when does Python know a character's name, and a character in an identifier?"""

from __future__ import annotations

import re
import zlib
from base64 import b85decode
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache

from compatcheck.analyze.scans import unicode_data

# Ranges that are in no table count as known from the start, or never: the parser tells these two apart.
_Table = tuple[tuple[int, ...], tuple[tuple[int, str], ...]]
_NUMBERED = re.compile(r"(.*-)([0-9A-F]{4,5})\Z")


def identifier_since(point: int, first: bool) -> str | None:
    """The first Python that takes the code point in an identifier (as its first character); None when 3.6 or none."""
    return _found(_ranges("START" if first else "CONTINUE"), point)


def changes_identifiers(point: int) -> bool:
    return identifier_since(point, True) is not None or identifier_since(point, False) is not None


def ideograph_since(kind: str, point: int) -> str | None:
    """The first Python that knows the name of an ideograph, `kind` being CJK or TANGUT; None for none."""
    return _found(_ranges(kind), point)


def ideograph_until(point: int) -> str | None:
    """The first Python that no longer knew the name `CJK UNIFIED IDEOGRAPH-…` of the code point."""
    return _found(_ranges("CJK_LOST"), point)


def name_since(name: str) -> str | None:
    """The first Python that knows the name (upper case); None when 3.6 or none does."""
    names, numbered = _names()
    match = _NUMBERED.match(name)
    table = numbered.get(match[1]) if match else None
    if match and table is not None:
        number = int(match[2], 16)
        return _found(table, number) if match[2] == f"{number:04X}" else None
    return names.get(name)


def _found(table: _Table, point: int) -> str | None:
    starts, ends = table
    at = bisect_right(starts, point) - 1
    return ends[at][1] if at >= 0 and point <= ends[at][0] else None


@cache
def _ranges(name: str) -> _Table:
    by_version: Mapping[str, str] = getattr(unicode_data, name)
    return _table((low, high, version) for version, text in by_version.items() for low, high in _numbers(text.split()))


def _table(ranges: Iterator[tuple[int, int, str]]) -> _Table:
    ordered = sorted(ranges)
    return tuple(low for low, _, _ in ordered), tuple((high, version) for _, high, version in ordered)


def _numbers(words: list[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        low, _, high = word.partition("-")
        yield int(low, 16), int(high or low, 16)


@cache
def _names() -> tuple[dict[str, str], dict[str, _Table]]:
    """Names by themselves, and those with a number at the end by what stands before it."""
    names: dict[str, str] = {}
    numbered: dict[str, list[tuple[int, int, str]]] = {}
    version = ""
    for line in zlib.decompress(b85decode(unicode_data.NAMES)).decode("ascii").split("\n"):
        low, _, high = line.partition("..")
        match = _NUMBERED.match(low)
        if line[0].isdigit():
            version = line
        elif match:
            start = int(match[2], 16)
            numbered.setdefault(match[1], []).append((start, int(high, 16) if high else start, version))
        else:
            names[line] = version
    return names, {stem: _table(iter(ranges)) for stem, ranges in numbered.items()}
