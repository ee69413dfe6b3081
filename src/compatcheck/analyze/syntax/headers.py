"""Headers of `with`, `except`, `match` and `try`: which of their forms stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from compatcheck.analyze.scans.headers import Header, header
from compatcheck.analyze.scans.tokens import is_name, next_token
from compatcheck.analyze.syntax.place import Hit, Place, hit, is_code
from compatcheck.analyze.tree import enclosing

_NO_ITEMS = frozenset({b"*", b"**", b":=", b"for", b"yield", b"="})


def several_with_items(place: Place) -> Iterator[Hit]:
    """`with a, b:`"""
    found = header(place.code, place.offset)
    if is_code(place) and b"," in found.words():
        yield _span("several", place, found)


def parenthesised_with(place: Place) -> Iterator[Hit]:
    """`with (a as b):`, and `with (a, b):`, which is a tuple to old versions."""
    if not is_code(place):
        return
    found = header(place.code, place.offset)
    if found.has_as:
        yield _span("with-as", place, found)
    elif found.is_one_bracket and _NO_ITEMS.isdisjoint(found.words(1)):
        yield _span("without-as", place, found)


def exception_list(place: Place) -> Iterator[Hit]:
    """`except A, B:`, which names two exceptions since 3.14, and to Python 2 meant `except A as B:`."""
    found = header(place.code, place.offset)
    words = found.words()
    if not is_code(place) or b"," not in words or b"as" in words:
        return
    span = _span("bare-list", place, found)
    name, before = words[-1], words[-2]
    if words.count(b",") == 1 and before == b"," and words[1:2] != [b"*"] and is_name(name):
        yield replace(span, variant="other-meaning", values={"name": name.decode("utf-8", "replace")})
    yield span


def exception_group(place: Place) -> Iterator[Hit]:
    """`except*`"""
    sign, at = next_token(place.code, place.offset + len(b"except"))
    if is_code(place) and sign == b"*":
        yield Hit("clause", place.offset, at + 1)


def match_statement(place: Place) -> Iterator[Hit]:
    """`match`, found at any of its `case` clauses."""
    clause = place.node.parent
    if place.node.type != "case" or clause is None or clause.type != "case_clause":
        return
    statement = enclosing(clause, "match_statement")
    if statement is not None:
        yield Hit("statement", statement.start_byte, statement.start_byte + len(b"match"))


def bare_except(place: Place) -> Iterator[Hit]:
    """`except:` with another clause behind it."""
    clause = place.node.parent
    if place.node.type != "except" or clause is None or clause.type != "except_clause":
        return
    sibling = clause.next_named_sibling
    while sibling is not None and sibling.type == "comment":
        sibling = sibling.next_named_sibling
    if _is_bare(clause.child(1)) and sibling is not None and sibling.type == "except_clause":
        yield hit("not-last", place.node)


def else_without_except(place: Place) -> Iterator[Hit]:
    """`try: … else: … finally: …`"""
    clause = place.node.parent
    statement = clause.parent if clause is not None and clause.type == "finally_clause" else None
    if statement is None or statement.type != "try_statement":
        return
    clauses = [child.type for child in statement.children]
    if "else_clause" in clauses and "except_clause" not in clauses:
        yield hit("no-except", next(child for child in statement.children if child.type == "else_clause").children[0])


def _is_bare(after: object) -> bool:
    return getattr(after, "type", None) == ":"


def _span(variant: str, place: Place, found: Header) -> Hit:
    """A hit from the statement's first word to its colon."""
    return Hit(variant, place.offset, found.end)
