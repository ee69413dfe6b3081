"""Edits of YAML text by path, with PyYAML's own places: values replaced, keys added, removed and renamed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple["str | int", ...]


@dataclass(frozen=True)
class Edited:
    """The text after an edit, and the lines (from 1) on which a finding is right: the value's, its key's. None: any."""

    text: str
    lines: frozenset[int] | None


class Yaml:
    """One file's text, and where its values stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root: Any = yaml.compose(text, Loader=yaml.SafeLoader)

    def paths(self, pattern: str) -> Iterator[Path]:
        """The paths that a pattern means: `db_schema.*.columns.*.type`; nothing where there are none."""
        steps = pattern.split(".") if pattern else []
        yield from self._paths(self.root, steps, ())

    def _paths(self, node: Any, steps: list[str], path: Path) -> Iterator[Path]:
        if not steps:
            yield path
            return
        for name, inner in _inner(node):
            if steps[0] in ("*", str(name)) or (steps[0] == "%" and isinstance(name, str)):
                yield from self._paths(inner, steps[1:], (*path, name))

    def replace(self, path: Path, new: str) -> Edited:
        node = self.node(path)
        start = node.start_mark.index
        if isinstance(path[-1], str) and not isinstance(node, yaml.ScalarNode) and not node.flow_style:
            start, new = self._key(path).end_mark.index, f": {new}"  # on the key's line, where a block was below it
        edited = self._cut(start, _end(self.text, node), new)
        return Edited(edited.text, frozenset({*(edited.lines or ()), self._line_of_holder(path)}))

    def rename(self, path: Path, new: str) -> Edited:
        key = self._key(path)
        return self._cut(key.start_mark.index, key.end_mark.index, new)

    def add(self, path: Path, entry: str) -> Edited:
        """An entry (`key: value`, or an item) in front of a mapping's or list's others; the line is the entry's."""
        node = self.node(path)
        start = node.start_mark.index
        if node.flow_style:
            comma = ", " if node.value else ""
            return self._cut(start + 1, start + 1, entry + comma)
        item = "- " if isinstance(node, yaml.SequenceNode) else ""
        column = start - (self.text.rfind("\n", 0, start) + 1)
        return self._cut(start, start, f"{item}{entry}\n{' ' * column}")

    def remove(self, path: Path) -> Edited:
        """Without a key or an item; the line is that of what held it."""
        holder = self.node(path[:-1])
        line = self._line_of_holder(path[:-1])
        places = [pair[0] if isinstance(holder, yaml.MappingNode) else pair for pair in holder.value]
        at = next(index for index, (name, _) in enumerate(_inner(holder)) if name == path[-1])
        start = places[at].start_mark.index
        if at + 1 < len(places):
            text = self.text[:start] + self.text[places[at + 1].start_mark.index :]
        elif holder.flow_style:
            before = self.text[:start].rstrip().rstrip(",")
            text = before + self.text[_end(self.text, self.node(path)) :]
        else:
            text = self.text[: self.text.rfind("\n", 0, start) + 1] + self.text[
                _end(self.text, self.node(path)) :
            ].lstrip("\n")
        return Edited(text, frozenset({line}))

    def _line_of_holder(self, path: Path) -> int:
        node = self._key(path) if path and isinstance(path[-1], str) else self.node(path)
        return int(node.start_mark.line) + 1

    def _cut(self, start: int, end: int, new: str) -> Edited:
        line = self.text.count("\n", 0, start) + 1
        return Edited(self.text[:start] + new + self.text[end:], frozenset({line}))

    def node(self, path: Path) -> Any:
        node = self.root
        for step in path:
            node = dict(_inner(node))[step]
        return node

    def _key(self, path: Path) -> Any:
        holder = self.node(path[:-1])
        return next(key for key, _ in holder.value if key.value == path[-1])


def _inner(node: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(node, yaml.MappingNode):
        yield from ((key.value, value) for key, value in node.value)
    elif isinstance(node, yaml.SequenceNode):
        yield from enumerate(node.value)


def _end(text: str, node: Any) -> int:
    """Where a value ends; a block's end mark lies at the next token."""
    end = int(node.end_mark.index)
    return len(text[:end].rstrip()) if not isinstance(node, yaml.ScalarNode) else end
