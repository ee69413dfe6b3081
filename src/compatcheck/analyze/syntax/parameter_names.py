"""Parameters of functions with the same name."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import plain
from compatcheck.analyze.syntax.place import Hit, Place, hit

_DEFINITIONS = ("function_definition", "lambda")
_STARRED = ("list_splat_pattern", "dictionary_splat_pattern", "tuple_pattern")


def duplicate_parameter(place: Place) -> Iterator[Hit]:
    """The place is the word `def` or `lambda`."""
    definition = place.node.parent
    if definition is None or definition.type not in _DEFINITIONS or place.node.type not in ("def", "lambda"):
        return
    parameters = definition.child_by_field_name("parameters")
    seen: set[str] = set()
    for child in parameters.named_children if parameters is not None else ():
        for name in _names(child):
            text = plain(place.text(name))
            if text in seen:
                yield hit("parameter", name, name=text)
            seen.add(text)


def _names(parameter: Node) -> Iterator[Node]:
    """The names that a parameter binds."""
    if parameter.type == "identifier":
        yield parameter
    elif parameter.type in _STARRED:
        for child in parameter.named_children:
            yield from _names(child)
    elif parameter.type in ("default_parameter", "typed_default_parameter", "typed_parameter"):
        if parameter.named_child_count:
            yield from _names(parameter.named_children[0])
