"""What PEP 448 allowed: unpacking in displays, and anywhere and often in calls."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.place import Hit, Place, hit

_DISPLAYS = frozenset({"list", "tuple", "set", "expression_list", "expression_statement"})
_NEWER = frozenset({"return_statement", "yield", "for_statement", "augmented_assignment"})
_SPLATS = ("list_splat", "dictionary_splat")


def generalisation(place: Place) -> Iterator[Hit]:
    splat = place.node.parent
    around = splat.parent if splat is not None and splat.type in _SPLATS else None
    if splat is None or around is None:
        return
    if around.type == "argument_list":
        yield from _in_call(splat, around)
    elif around.type == "dictionary":
        yield hit("dictionary", splat)
    elif around.type in _DISPLAYS and not _is_newer(around):
        yield hit("display", splat)


def _is_newer(around: Node) -> bool:
    """Whether the tuple stands where other rules say what it needs."""
    if around.type == "expression_statement":
        return len(around.children) == 1
    outer = around.parent
    return around.type == "expression_list" and outer is not None and outer.type in _NEWER


def _in_call(splat: Node, call: Node) -> Iterator[Hit]:
    """Once `*a`, then keywords, once `**b`: until Python 3.4 that was all that could follow positional arguments."""
    arguments = [child for child in call.children if child.is_named and child.type != "comment"]
    at = arguments.index(splat)
    later = {argument.type for argument in arguments[at + 1 :]}
    comma = call.children[-2:-1] and call.children[-2].type == ","
    if splat.type == "dictionary_splat":
        allowed = not later
    else:
        allowed = later <= {"keyword_argument", "dictionary_splat"}
    if not allowed or (comma and not later):
        yield hit("call", splat)
