"""TOML with places: the data from the standard parser, the places from tree-sitter's tree of the same text."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from compatcheck.depends.text import Text
from compatcheck.model.declared import Place

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Key = tuple[str | int, ...]


def parse(text: Text) -> dict[str, Any]:
    """The data of a TOML file. Raises ValueError for what is no TOML."""
    try:
        return tomllib.loads(text.text.replace("\r\n", "\n"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class Toml:
    """One TOML file. Raises ValueError for what is no TOML."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.data = parse(text)

    def get(self, *key: str | int) -> Any:
        """What stands at the key, or None."""
        value: Any = self.data
        for part in key:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def string(self, *key: str | int) -> str | None:
        value = self.get(*key)
        return value if isinstance(value, str) else None

    def table(self, *key: str | int) -> dict[str, Any]:
        value = self.get(*key)
        return value if isinstance(value, dict) else {}

    def strings(self, *key: str) -> Iterator[tuple[Key, str]]:
        """The strings of a list, each with its key; a lone string is a list of one."""
        value = self.get(*key)
        if isinstance(value, str):
            yield key, value
        for number, item in enumerate(value if isinstance(value, list) else ()):
            if isinstance(item, str):
                yield (*key, number), item

    def range(self, *key: str | int) -> tuple[int, int]:
        """Where the value stands, without its quotes; the nearest table above where it has no place of its own."""
        while key and key not in self._ranges:
            key = key[:-1]
        start, end = self._ranges.get(key, (0, 0))
        at, to = self.text.at_byte(start), self.text.at_byte(end)
        quote = self.text.text[at : at + 3]
        size = 3 if quote in ('"""', "'''") and to - at >= 6 else 1 if quote[:1] in ("'", '"') else 0
        return at + size, to - size

    def place(self, *key: str | int) -> Place:
        return self.text.place(*self.range(*key))

    def item(self, *key: str | int) -> tuple[int, int] | None:
        """What to cut out so that a list loses this item; None where it is no list's item."""
        if not isinstance(key[-1], int) or key not in self._ranges:
            return None
        start, end = (self.text.at_byte(offset) for offset in self._ranges[key])
        return cut(self.text.text, start, end)

    @cached_property
    def _ranges(self) -> dict[Key, tuple[int, int]]:
        import tree_sitter_toml
        from tree_sitter import Language, Parser

        tree = Parser(Language(tree_sitter_toml.language())).parse(self.text.text.encode("utf-8"))
        return dict(_Ranges().of(tree.root_node))


def cut(text: str, start: int, end: int) -> tuple[int, int]:
    """An item of a list in brackets, with its comma and its line, where that is its own."""
    after = end
    while after < len(text) and text[after] in " \t":
        after += 1
    if after < len(text) and text[after] == ",":
        end = after = after + 1
        while after < len(text) and text[after] in " \t":
            after += 1
    begin = text.rfind("\n", 0, start) + 1
    if not text[begin:start].strip() and (after >= len(text) or text[after] in "\r\n#"):
        stop = text.find("\n", after)
        return begin, len(text) if stop < 0 else stop + 1
    if text[end - 1] == ",":
        return start, after
    before = start  # the last item of its line: the comma before it goes
    while before and text[before - 1] in " \t":
        before -= 1
    return (before - 1 if text[before - 1 : before] == "," else start), end


class _Ranges:
    """Keys and byte ranges of values; arrays of tables are counted."""

    def __init__(self) -> None:
        self._counts: dict[Key, int] = {}

    def of(self, document: Any) -> Iterator[tuple[Key, tuple[int, int]]]:
        for node in document.named_children:
            if node.type == "pair":
                yield from self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                yield from self._table(node)

    def _table(self, node: Any) -> Iterator[tuple[Key, tuple[int, int]]]:
        head = node.named_children[0]
        key = self._numbered(_parts(head), node.type == "table_array_element")
        yield key, (head.start_byte, head.end_byte)
        for child in node.named_children[1:]:
            if child.type == "pair":
                yield from self._pair(child, key)

    def _numbered(self, parts: Key, element: bool) -> Key:
        """`[[a.b]]` opens the next element of a.b; below it, `[a.b.c]` is in the last one."""
        key: Key = ()
        for number, part in enumerate(parts):
            key = (*key, part)
            if element and number == len(parts) - 1:
                self._counts[key] = self._counts.get(key, -1) + 1
            if key in self._counts:
                key = (*key, self._counts[key])
        return key

    def _pair(self, node: Any, above: Key) -> Iterator[tuple[Key, tuple[int, int]]]:
        children = [child for child in node.named_children if child.type != "comment"]
        if len(children) >= 2:
            yield from self._value(children[-1], (*above, *_parts(children[0])))

    def _value(self, node: Any, key: Key) -> Iterator[tuple[Key, tuple[int, int]]]:
        yield key, (node.start_byte, node.end_byte)
        if node.type == "array":
            items = (child for child in node.named_children if child.type != "comment")
            for number, child in enumerate(items):
                yield from self._value(child, (*key, number))
        elif node.type == "inline_table":
            for child in node.named_children:
                if child.type == "pair":
                    yield from self._pair(child, key)


def _parts(node: Any) -> Key:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _parts(child))
    text = node.text.decode("utf-8", "replace")
    return (text[1:-1] if text[:1] in "\"'" else text,)
