"""Arguments: parenthesised keyword names, bare generators, more than 255, unpacking as of PEP 448."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.scans.tokens import Level, is_name, is_operand, next_token, outside_lambdas, stop, tokens
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.syntax.surroundings import around_code, blanked, is_word
from compatcheck.analyze.tree import ancestors

_MOST = 255
_LISTS = frozenset({"argument_list", "parameters", "lambda_parameters"})
_SEPARATORS = frozenset({"keyword_separator", "positional_separator", "comment"})
_REST = frozenset({"list_splat_pattern", "dictionary_splat_pattern"})


def parenthesised_keyword(place: Place) -> Iterator[Hit]:
    """`f((a)=1)`."""
    around = around_code(place)
    if len(around) < 2 or around[-1].opener != b"(" or not _is_call(around):
        return
    inside = around[-1]
    comma = max((at for token, at in inside.tokens if token == b","), default=inside.offset)
    words = [token for token, _ in tokens(place.code, comma + 1, place.offset) if token not in (b"(", b")", b"\n")]
    if inside.words[-1:] == [b")"] and len(words) == 1 and is_name(words[0]):
        start = next_token(place.code, comma + 1, skip_lines=True)[1]
        yield Hit("plain", start, place.offset + 1, {"name": words[0].decode("utf-8", "replace")})


def bare_generator(place: Place) -> Iterator[Hit]:
    """`f(a for a in b,)` and `class A(a for a in b)`: a generator without parentheses of its own."""
    around = around_code(place) if is_word(place, b"for") else []
    if len(around) < 2 or around[-1].opener != b"(" or not _is_call(around):
        return
    words, in_class = outside_lambdas(around[-1].words), _is_class(around)
    if b"for" in words or b"," in words or not words or words[0] in (b"*", b"**"):
        return
    end, at = _end_of_clauses(place)
    if end == b"," and next_token(place.code, at + 1, skip_lines=True)[0] != b")":
        return
    if b":=" in words or (in_class and words[-1] == b"async"):
        return
    start = around[-1].offset + 1
    if in_class:
        yield Hit("class", start, at, neutral=_without_class(place, around, start, at))
    elif end == b",":
        yield Hit("comma", start, at + 1, neutral=((at, b" "),))


def _without_class(place: Place, around: list[Level], start: int, end: int) -> tuple[tuple[int, bytes], ...]:
    """The same as the condition of a loop, which a decorator cannot stand before."""
    statement = around[-2].tokens[-3][1]
    before = place.tree.node_at(statement).parent
    if before is not None and before.prev_sibling is not None and before.prev_sibling.type == "decorator":
        return (blanked(place.code, start, end, b"_"),)
    comma = ((end, b" "),) if place.code[end : end + 1] == b"," else ()
    same = (start, place.code[start : start + 1])  # an edit of the hit's own, since the word is outside of it
    return ((statement, b"while"), same, *comma)


def many(place: Place) -> Iterator[Hit]:
    """More than 255 arguments, or parameters besides `*args` and `**kwargs`."""
    for node in ancestors(place.node):
        if node.type not in _LISTS:
            continue
        counts = place.tree.counts  # each 255th comma of a list asks
        if node.id not in counts:
            counts[node.id] = _count(node)
        if counts[node.id] > _MOST:
            yield hit("arguments" if node.type == "argument_list" else "parameters", node, count=str(counts[node.id]))


def _count(node: Node) -> int:
    return sum(
        child.is_named
        and child.type not in _SEPARATORS
        and not (node.type != "argument_list" and (child.type in _REST or _is_typed_rest(child)))
        for child in node.children
    )


def _is_typed_rest(parameter: Node) -> bool:
    return parameter.type == "typed_parameter" and parameter.children[0].type in _REST


def _end_of_clauses(place: Place) -> tuple[bytes, int]:
    """What ends the `for … in … if …` that begins at the place."""
    at = place.offset + 3
    while True:
        token, at = stop(place.code, at)
        if token not in (b"for", b"async"):
            return token, at
        at += len(token)


def _is_call(around: list[Level]) -> bool:
    before = around[-2].words[:-1]
    return bool(before) and is_operand(before[-1]) and before[-2:-1] != [b"def"]


def _is_class(around: list[Level]) -> bool:
    return around[-2].words[-3:-2] == [b"class"]
