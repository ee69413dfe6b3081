"""`async` and `await` as the names that they were until Python 3.6."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.tokens import KEYWORDS, Level, is_name, is_operand, next_token, stop
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code, is_word
from compatcheck.analyze.tree import ancestors

_BEFORE_NAMES = frozenset((b".", b"def", b"class", b"import", b"as", b"global", b"nonlocal"))
_AFTER_NAMES = KEYWORDS - {b"await", b"lambda", b"not", b"yield"}
_OPERAND_STARTS = frozenset((b"(", b"[", b"{", b'"', b"0", b"...", b"~"))


def name(place: Place) -> Iterator[Hit]:
    word = place.code[place.offset : place.offset + 5]
    around = around_code(place) if is_word(place, word) else []
    if not around:
        return
    words = around[-1].words
    before = words[-1] if words else b""
    lines = len(around) > 1
    after, at = next_token(place.code, place.offset + 5, skip_lines=lines)
    if after == b"not":
        after = next_token(place.code, at + 3, skip_lines=lines)[0]
    named = _is_async(around, after) if word == b"async" else _is_await(after) or _is_called(place, after, at)
    if before in _BEFORE_NAMES or named:
        variant = "keyword" if around[0].words[:2] == [b"async", b"def"] or _in_async_function(place) else "plain"
        edit = place.offset, b"a_" + word[2:]
        yield Hit(variant, place.offset, place.offset + 5, {"name": word.decode()}, (edit,))


def split(place: Place) -> Iterator[Hit]:
    """`async` at the end of a line that goes on with `def`."""
    if (
        not is_word(place, b"async")
        or place.code[place.offset + 5 :].lstrip(b" \t\f")[:1] != b"\\"
        or not around_code(place)
        or _in_async_function(place)
    ):
        return
    if next_token(place.code, place.offset + 5)[0] == b"def":
        yield Hit("split", place.offset, place.offset + 5)


def _is_async(around: list[Level], after: bytes) -> bool:
    """Whether an `async` is a name: it begins no statement and no loop of a comprehension."""
    words = around[-1].words
    if after == b"for":
        return not (is_operand(words[-1]) if words else len(around) == 1)
    if after in (b"def", b"with"):
        return bool(words) or len(around) > 1
    return not is_name(after) and after not in (b'"', b"0", b"await", b"lambda")


def _is_await(after: bytes) -> bool:
    """Whether an `await` awaits nothing."""
    return not is_name(after) and after not in _OPERAND_STARTS and (after in _AFTER_NAMES or after not in KEYWORDS)


def _is_called(place: Place, after: bytes, at: int) -> bool:
    """Whether the brackets behind an `await` hold what only a call or an index can."""
    if after not in (b"(", b"["):
        return False
    inside: set[bytes] = set()
    token, end = b",", at
    while token and token not in (b")", b"]"):
        inside.add(token)
        token, end = stop(place.code, end + 1)
    return bool(inside & {b"=", b":"})


def _in_async_function(place: Place) -> bool:
    """Whether Python 3.6 took the word for a keyword, which it did up to the end of an `async def`."""
    for node in ancestors(place.node):
        if node.type == "interpolation":
            return False
        is_async = node.type == "function_definition" and node.children[0].type == "async"
        if is_async and place.offset > node.children[0].start_byte:
            return True
    return False
