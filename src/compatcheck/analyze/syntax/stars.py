"""Starred expressions: in an index, a result, a loop, a comprehension, an annotation, in parentheses, alone."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.scans.headers import header
from compatcheck.analyze.scans.tokens import (
    AUGMENTED,
    KEYWORDS,
    Level,
    Token,
    in_lambda,
    is_operand,
    next_token,
    outside_lambdas,
    stop,
    words_between,
)
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code
from compatcheck.analyze.tree import enclosing

_CONDITIONS = frozenset(b"or and not if in is < > <= >= == != lambda yield".split())
_NO_TUPLES = tuple([word] for word in b"assert raise del with if while elif".split())
_AFTER_ELEMENT = (b",", b")", b"]", b"}")
_AFTER_TUPLE = frozenset((b",", b")", b"}", b"=", b":", b";", b"\n", b"", b"in")) | AUGMENTED
_SEPARATORS = frozenset((b"=", b"return", b"yield", b"for", b":")) | AUGMENTED


def in_index(place: Place) -> Iterator[Hit]:
    around = _around(place)
    if around and _is_index(place, around) and not _is_double(place):
        yield _hit(place, "annotated" if _is_bare_annotation(place, around) else "plain")


def in_comprehension(place: Place) -> Iterator[Hit]:
    around = _around(place)
    if not around or around[-1].tokens or not (around[-1].opener or enclosing(place.node, "interpolation")):
        return
    if _end(place)[0] in (b"for", b"async") and not _is_index(place, around):
        double = _is_double(place)
        # In a list or set only an operand of `|` can follow the star, so the parser must see it.
        neutral = ((place.offset, b"  " if double else b" "),) if double or around[-1].opener == b"(" else ()
        yield _hit(place, "mapping" if double else "plain", *neutral)


def in_annotation(place: Place) -> Iterator[Hit]:
    around = _around(place)
    words = around[-1].words if around else []
    if len(words) > 2 and words[-1] == b":" and words[-3] in (b"*", b"**") and _is_definition(around):
        yield _hit(place, "plain")


def in_result(place: Place) -> Iterator[Hit]:
    """After `return`, and after `yield` wherever it stands."""
    around = _around(place)
    if around and not _is_double(place):
        words = _tuple_words(around[-1])
        if words and words[0] in (b"return", b"yield") and not _is_alone(place, around[-1]):
            yield _hit(place, words[0].decode())


def in_iterable(place: Place) -> Iterator[Hit]:
    """After the `in` of a `for` statement."""
    around = _around(place)
    if around and len(around) == 1:
        words = around[0].words
        loop = words[:1] == [b"for"] or words[:2] == [b"async", b"for"]
        if loop and _tuple_words(around[0])[:1] == [b"in"] and not _is_alone(place, around[0]):
            yield _hit(place, "plain")


def in_augmented_assignment(place: Place) -> Iterator[Hit]:
    around = _around(place)
    if around and len(around) == 1:
        words = _tuple_words(around[0])
        if words and words[0] in AUGMENTED and not _is_alone(place, around[0]):
            yield _hit(place, "plain")


def in_parentheses(place: Place) -> Iterator[Hit]:
    """`(*a)`, which was read as `*a`: only where a bare one may stand."""
    around = _around(place)
    group = around[-1] if around else None
    if group is None or group.opener != b"(" or group.tokens or not _is_group(around):
        return
    if enclosing(place.node, "case_pattern"):
        return
    closer, end = _end(place)
    outer = _around_groups(place, around, end + 1) if closer == b")" and not _is_condition(place) else None
    if outer:
        yield Hit("plain", *outer, neutral=((place.offset, b" "),))


def misplaced(place: Place) -> Iterator[Hit]:
    """A star that no Python takes: with no comma beside it, or the second in a list of targets."""
    around = _around(place)
    words = around[-1].words if around else []
    if not around or _is_double(place) or words[-1:] in ([b"except"], [b"import"]):
        return
    if _is_condition(place) and not _takes_conditions(place, around) and _tuple_words(around[-1])[:1] != [b"for"]:
        yield _hit(place, "condition")
    elif _is_second_target(place, around):
        yield _hit(place, "second")
    elif words[-1:] == [b"as"] or (words[-1:] == [b"for"] and _end(place, b"in")[0] != b","):
        yield _hit(place, "target")
    elif words[-1:] == [b"for"]:
        return
    elif (len(around) == 1 or words[-1:] == [b"yield"]) and _is_alone(place, around[-1]):
        yield _hit(place, "target" if _end(place)[0] == b"=" else "value")


def _around(place: Place) -> list[Level]:
    """What is open around a star that no operand precedes and that is no parameter of a lambda; else nothing."""
    around = around_code(place) if place.code[place.offset] == 0x2A else []
    if not around:
        return []
    words = around[-1].words
    if in_lambda(words) or (words and is_operand(words[-1]) and not _is_soft_keyword(place, around)):
        return []
    return around


def _is_soft_keyword(place: Place, around: list[Level]) -> bool:
    if len(around) > 1 or around[0].words not in ([b"match"], [b"case"]):
        return False
    return place.code.startswith(b":", header(place.code, around[0].tokens[0][1]).end)


def _tuple_words(level: Level) -> list[bytes]:
    """The words of the tuple at the end of a level, with what introduces it; without parameters of lambdas."""
    words = outside_lambdas(level.words)
    loop = b"for" in words[:2]
    start = 0
    for at, word in enumerate(words):
        # Of a loop only the first `in` introduces a tuple.
        if word in _SEPARATORS or (word == b"in" and loop):
            start, loop = at, loop and word != b"in"
    return words[start:]


def _is_double(place: Place) -> bool:
    return place.code.startswith(b"**", place.offset)


def _end(place: Place, also: bytes = b"\n") -> Token:
    """The token behind the starred expression."""
    ends = also if also != b"\n" or len(around_code(place)) == 1 else b""
    return stop(place.code, place.offset + 1 + _is_double(place), ends)


def _is_condition(place: Place) -> bool:
    return bool(_CONDITIONS.intersection(words_between(place.code, place.offset + 1, _end(place)[1])))


def _takes_conditions(place: Place, around: list[Level]) -> bool:
    """Whether any expression can follow the star: in calls, in an index, and in a generator."""
    if around[-1].opener == b"(" and _is_group(around):
        return _end(place)[0] in (b"for", b"async")
    return around[-1].opener == b"(" or _is_index(place, around)


def _is_second_target(place: Place, around: list[Level]) -> bool:
    """Whether the star is in a list of targets that has one before."""
    words = _tuple_words(around[-1])
    loop = words[:1] == [b"for"]
    if len(around) > 1 and not loop:
        return _is_second_in_pattern(place)
    starred = any(word == b"*" and words[:at][-1:] in ([], [b","], [b"for"], [b"="]) for at, word in enumerate(words))
    token, at = _end(place, b"in") if loop else _end(place)
    while starred and token == b",":
        token, at = stop(place.code, at + 1, b"in" if loop else b"\n")
    return starred and token == (b"in" if loop else b"=")


def _is_second_in_pattern(place: Place) -> bool:
    pattern = place.node.parent
    around = pattern.parent if pattern is not None and pattern.type == "list_splat_pattern" else None
    if around is None or around.type not in ("tuple_pattern", "list_pattern"):
        return False
    first = next(child for child in around.children if child.type == "list_splat_pattern")
    return first != pattern


def _is_bare_annotation(place: Place, around: list[Level]) -> bool:
    """Whether the index belongs to the target of an annotation without a value."""
    if len(around) > 2 or b":" in around[0].words or around[0].words[0] in KEYWORDS:
        return False
    token, at = stop(place.code, place.offset + 1)
    while token == b"," or token == b":":
        token, at = stop(place.code, at + 1)
    colon, at = next_token(place.code, at + 1)
    return colon == b":" and stop(place.code, at + 1, b"\n")[0] != b"="


def _hit(place: Place, variant: str, *neutral: tuple[int, bytes]) -> Hit:
    end = _end(place)[1]
    return Hit(variant, place.offset, place.offset + len(place.code[place.offset : end].rstrip()), neutral=neutral)


def _is_alone(place: Place, level: Level) -> bool:
    return b"," not in _tuple_words(level) and _end(place)[0] != b","


def _is_definition(around: list[Level]) -> bool:
    return len(around) > 1 and b"def" in around[-2].words


def _is_index(place: Place, around: list[Level]) -> bool:
    if around[-1].opener != b"[" or len(around) < 2:
        return False
    outer = around[-2].words[:-1]
    if not outer or not is_operand(outer[-1]):
        return False
    if outer[-2:-1] in ([b"def"], [b"class"]) or (outer[:1] == [b"type"] and len(outer) == 2):
        return False
    return not (outer in ([b"match"], [b"case"]) and place.node.parent is not None and _is_list(place))


def _is_list(place: Place) -> bool:
    """Whether the tree, which knows `match` and `case`, reads a list or a pattern."""
    parent = place.node.parent
    while parent is not None and parent.type not in ("subscript", "match_statement", "case_clause", "block"):
        parent = parent.parent
    return parent is not None and parent.type in ("match_statement", "case_clause")


def _around_groups(place: Place, around: list[Level], end: int) -> tuple[int, int] | None:
    """The span of the parentheses that end there, where they are an element of a tuple, list, set, call or target."""
    outer, before = around[-2], around[-2].words[:-1]
    after, at = next_token(place.code, end, skip_lines=len(around) > 2)
    if after == b")" and outer.opener == b"(" and not before and _is_group(around[:-1]):
        return _around_groups(place, around[:-1], at + 1)
    beside = before[-1:] == [b","] or after == b","
    return (around[-1].offset, end) if _takes_stars(place, around[:-1], beside, before, after) else None


def _takes_stars(place: Place, around: list[Level], beside: bool, before: list[bytes], after: bytes) -> bool:
    """Whether a star could stand between those words, `beside` a comma or not."""
    outer = around[-1]
    if around[0].words[0] == b"del" and not _is_inside_operand(place, around):
        return False
    first = not before or before[-1] == b","
    if outer.opener and (outer.opener != b"(" or not _is_group(around)):
        if _is_index(place, around):
            return first and beside and after in _AFTER_ELEMENT and not _has_slice(place, outer)
        return (first or (beside and before[-1] == b"for")) and after in _AFTER_ELEMENT
    in_lambda_body = before[-1:] == [b":"] and outside_lambdas(before)[-1:] != [b":"]
    if before[:1] in _NO_TUPLES or after not in _AFTER_TUPLE or in_lambda_body:
        return False
    return beside and (
        first or before[-1] in _SEPARATORS or (before[-1] == b"in" and _tuple_words(outer)[:1] == [b"in"])
    )


def _is_inside_operand(place: Place, around: list[Level]) -> bool:
    """Whether a call or an index is around."""
    return any(_is_index(place, around[:end]) or not _is_display(around[:end]) for end in range(2, len(around) + 1))


def _is_display(around: list[Level]) -> bool:
    return around[-1].opener == b"[" or _is_group(around)


def _has_slice(place: Place, index: Level) -> bool:
    token, at = stop(place.code, index.offset + 1)
    while token == b",":
        token, at = stop(place.code, at + 1)
    return token == b":"


def _is_group(around: list[Level]) -> bool:
    """Whether the innermost bracket groups an expression: it calls, defines and imports nothing."""
    before = around[-2].words[:-1]
    return not (before and (is_operand(before[-1]) or before[-1] in (b"import",)))
