"""YAML with places: nodes as written, so that `3.10` is still `3.10`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from compatcheck.depends.text import Text
from compatcheck.model.declared import Place

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FLOAT = "tag:yaml.org,2002:float"


@dataclass(frozen=True, slots=True)
class Yaml:
    """One node of a document."""

    text: Text
    node: yaml.Node

    def __getitem__(self, key: str) -> Yaml | None:
        for name, value in self.items():
            if name.value == key:
                return value
        return None

    def at(self, *keys: str) -> Yaml | None:
        found: Yaml | None = self
        for key in keys:
            found = found[key] if found is not None else None
        return found

    def items(self) -> Iterator[tuple[Yaml, Yaml]]:
        """The pairs of a mapping; none of anything else."""
        if isinstance(self.node, yaml.MappingNode):
            for key, value in self.node.value:
                yield Yaml(self.text, key), Yaml(self.text, value)

    def elements(self) -> Iterator[Yaml]:
        """The elements of a sequence; none of anything else."""
        if isinstance(self.node, yaml.SequenceNode):
            for value in self.node.value:
                yield Yaml(self.text, value)

    def walk(self) -> Iterator[Yaml]:
        """The node and all below it, mappings' values only; what several aliases name comes once."""
        seen, waiting = set[int](), [self]
        while waiting:
            node = waiting.pop()
            if id(node.node) not in seen:
                seen.add(id(node.node))
                yield node
                waiting += reversed([*(value for _, value in node.items()), *node.elements()])

    @property
    def value(self) -> str | None:
        """A scalar's text as written; None for what is none."""
        return self.node.value if isinstance(self.node, yaml.ScalarNode) else None

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def loses_zero(self) -> bool:
        """A number that is not what was written: 3.10 is 3.1."""
        text = self.value or ""
        return self.node.tag == _FLOAT and text.endswith("0") and text.count(".") == 1 and not text.endswith(".0")

    @property
    def range(self) -> tuple[int, int]:
        """Where a scalar's text stands, without quotes."""
        start, end = self.node.start_mark.index, self.node.end_mark.index
        if isinstance(self.node, yaml.ScalarNode) and self.node.style in ("'", '"'):
            return start + 1, end - 1
        return start, end

    @property
    def place(self) -> Place:
        return self.text.place(*self.range)


def compose(text: Text) -> Yaml | None:
    """The first document; None for an empty one. Raises ValueError for what is no YAML."""
    try:
        loader = _LOADER(text.text)
        try:
            node = loader.get_node() if loader.check_node() else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(" ".join(str(error).split())) from error
    return Yaml(text, node) if node is not None else None
