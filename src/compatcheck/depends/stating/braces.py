"""tox's generative names: `py{38,39}-{a,b}` is four environments, each with the place that its first factor has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

_MOST = 2_000
_PIECE = re.compile(r"\{([^{}]*)\}|([^{}]+)")
Part = tuple[str, int, int]


def names_of(code: str) -> Iterator[Part]:
    """(environment, start and end of the text that makes its first factor) of a comma-separated line."""
    for start, end in _items(code):
        pieces = [_choices(match, start) for match in _PIECE.finditer(code[start:end])]
        size = 1
        for piece in pieces:
            size *= len(piece)
        for chosen in product(*pieces) if pieces and size <= _MOST else ():
            at = next((part for part in chosen if re.search(r"\d", part[0])), chosen[0])
            yield "".join(part[0] for part in chosen).strip(), at[1], at[2]


def _items(code: str) -> Iterator[tuple[int, int]]:
    """Pieces between the commas and blanks that are outside braces."""
    depth, begin = 0, 0
    for at, char in enumerate(f"{code},"):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if not depth and (char == "," or char.isspace()):
            if code[begin:at].strip():
                yield begin, at
            begin = at + 1


def _choices(match: re.Match[str], start: int) -> list[Part]:
    if match[1] is None:
        return [_trimmed(match[2], start + match.start(2))]
    found, at = [], start + match.start(1)
    for piece in match[1].split(","):
        found.append(_trimmed(piece, at))
        at += len(piece) + 1
    return found


def _trimmed(text: str, at: int) -> Part:
    """A factor's own text: of `py38-django` the part before the dash is its place."""
    lead = len(text) - len(text.lstrip())
    own = text.strip()
    return own, at + lead, at + lead + len(own.partition("-")[0] or own)
