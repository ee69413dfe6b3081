"""Parameters: positional-only ones, and a comma after the last where a star is among them."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.place import Hit, Place, hit

_STARS = frozenset({"list_splat_pattern", "dictionary_splat_pattern", "keyword_separator"})


def positional_only(place: Place) -> Iterator[Hit]:
    node = place.node
    if node.type == "/" and node.parent is not None and node.parent.type == "positional_separator":
        yield hit("plain", node)


def trailing_comma(place: Place) -> Iterator[Hit]:
    around = place.node.parent
    if place.node.type != "," or around is None or around.type not in ("parameters", "lambda_parameters"):
        return
    parts = [child for child in around.children if child.type not in ("comment", ")")]
    if parts[-1] == place.node and any(map(_has_star, parts)):
        yield hit("plain", place.node)


def _has_star(parameter: Node) -> bool:
    return parameter.type in _STARS or (parameter.type == "typed_parameter" and parameter.children[0].type in _STARS)
