"""Words that Python 3 reserves, where code binds them as names: fine for Python 2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.scans.lines import simple_statement
from compatcheck.analyze.scans.tokens import is_name
from compatcheck.analyze.syntax.place import Hit, Place, is_code
from compatcheck.analyze.syntax.surroundings import surroundings

_BINDERS = frozenset([b"for", b"def", b"class", b"del", b"global"])
# In these the tree breaks off before the word, and so do the tokens of its statement.
_BROKEN_OFF = re.compile(rb"(?:\.|(?<!\w)(?:as|import)|(?:^|[;:])[ \t]*from)[ \t]*\Z")
_NEW_ELEMENT: tuple[list[bytes], ...] = ([], [b","], [b"="])


def reserved_name(place: Place) -> Iterator[Hit]:
    """`True`, `False` and `nonlocal` as names."""
    word = place.text(place.node)
    if not is_code(place) or word not in (b"True", b"False", b"nonlocal"):
        return
    levels = surroundings(place)
    before, after = levels[-1].words, _after(place, word)
    if word == b"nonlocal":
        found = bool(before) or len(levels) > 1 or not is_name(after[0])
    else:
        found = bool(
            (before[-1:] and before[-1] in _BINDERS)
            or _BROKEN_OFF.search(place.code[place.code.rfind(b"\n", 0, place.offset) + 1 : place.offset])
            or (before[-1:] in _NEW_ELEMENT and after[0] == b"=" and after[1] not in (b"}", b"!", b":"))
            or (len(levels) == 2 and levels[0].words[:1] == [b"def"] and before[-1:] in ([], [b","]))
            or _in_target_list([level.words for level in levels], after)
        )
    if found:
        neutral = ((place.offset, b"_" * len(word)),)
        yield Hit("name", place.offset, place.offset + len(word), {"name": word.decode()}, neutral)


def _after(place: Place, word: bytes) -> list[bytes]:
    """The tokens behind the word, two of them at least."""
    return [*simple_statement(place.code, place.offset + len(word)).words, b"", b""]


def _in_target_list(levels: list[list[bytes]], after: list[bytes]) -> bool:
    """Whether the word belongs to a tuple or list of names, with an `=` behind it."""
    if b"=" not in after or not _are_names(levels[-1]) or (len(levels) > 1 and levels[0] not in ([b"("], [b"["])):
        return False
    names = after[: after.index(b"=")]
    if len(levels) > 1:
        return len(levels) == 2 and names[-1:] in ([b")"], [b"]"]) and _are_names(names[:-1])
    return bool(names or levels[-1]) and _are_names(names)


def _are_names(words: list[bytes]) -> bool:
    return all(word == b"," or is_name(word) for word in words)
