"""Operators."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.analyze.syntax.place import Hit, Place, hit


def matrix_product(place: Place) -> Iterator[Hit]:
    node = place.node
    if node.type == "@=" or (node.type == "@" and node.parent is not None and node.parent.type == "binary_operator"):
        yield hit("plain", node)
