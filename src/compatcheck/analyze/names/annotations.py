"""Is this expression evaluated? Annotations are not always, and it depends on the version."""

from __future__ import annotations

import re

from tree_sitter import Node

from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet

_FUTURE = re.compile(rb"from[ \t\\\n]+__future__[ \t\\\n]+import[ \t\\\n(]+[^#\n]*\bannotations\b")
# Who reads annotations at run time, as a word of the text: libraries and functions that evaluate what is written.
READERS = frozenset(
    b"get_type_hints BaseModel pydantic attrs cattrs msgspec typer fastapi FastAPI singledispatch".split()
)


class Annotations:
    """Judges the places of annotations in one text."""

    def __init__(self, tree: Tree, words: frozenset[bytes], runtimes: Runtimes, scope: RuntimeSet) -> None:
        self._tree = tree
        self._scope = scope
        self._eager = scope & runtimes.between(None, "3.13")
        self._read = not words.isdisjoint(READERS)
        self._future: bool | None = None

    def evaluated(self, node: Node) -> tuple[RuntimeSet, bool]:
        """Where the expression is evaluated when its statement runs, and whether somebody may evaluate it elsewhere."""
        child = node
        for parent in ancestors(node):
            if parent.type == "string" or parent.type == "type_alias_statement":
                return NO_RUNTIMES, False
            if child.type == "type" and parent.type != "generic_type" and parent.type != "union_type":
                if parent.type == "type_parameter" or parent.type == "type":
                    child = parent
                    continue
                return self._annotation(child, parent)
            if parent.type in ("block", "module"):
                break
            child = parent
        return self._scope, False

    def _annotation(self, annotation: Node, parent: Node) -> tuple[RuntimeSet, bool]:
        if parent.type == "assignment" and _in_function(parent):
            return NO_RUNTIMES, False
        if self.postponed:
            return NO_RUNTIMES, self._read
        return self._eager, self._read and self._eager != self._scope

    @property
    def postponed(self) -> bool:
        """Whether the text begins with `from __future__ import annotations`."""
        if self._future is None:
            match = _FUTURE.search(self._tree.code)
            self._future = match is not None and self._tree.node_at(match.start()).type != "string_content"
        return self._future


def _in_function(node: Node) -> bool:
    """Whether the nearest scope is a function: its variables' annotations are never evaluated."""
    for parent in ancestors(node):
        if parent.type in ("function_definition", "lambda"):
            return True
        if parent.type == "class_definition":
            return False
    return False
