"""Values and places from a stream of parser events, without recursion and within limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from compatcheck.configs import limits
from compatcheck.configs.document import Entry, Node
from compatcheck.configs.text import shown_short


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with the text itself, by offsets. `words` fill the rule's message."""

    rule: str
    start: int
    end: int
    words: dict[str, str]
    first: int | None = None  # the offset that the message calls `{line}`


class Stop(Exception):
    """The text cannot be read on from here."""

    def __init__(self, flaw: Flaw) -> None:
        self.flaw = flaw
        super().__init__(flaw.rule)


@dataclass(slots=True)
class _Frame:
    """A mapping or sequence that is still open."""

    value: dict[str, Any] | list[Any]
    node: Node
    anchor: str | None
    key: tuple[str, int, int] | None = None
    merges: list[tuple[Any, Node]] = field(default_factory=list)
    size: int = 1
    takes_key: bool = True
    merging: bool = False


class Builder:
    """Puts values together. `flaws` are those that do not end the reading."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self.value: Any = None
        self.root: Node | None = None
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, Node, int] | None] = {}
        self._size = 0

    @property
    def in_key(self) -> bool:
        """Whether the next value is a key."""
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._stack[-1].takes_key

    @property
    def key(self) -> str:
        """The key that the next value belongs to."""
        named = next((frame.key for frame in reversed(self._stack) if frame.key is not None), None)
        return named[0] if named else ""

    def open(self, value: dict[str, Any] | list[Any], start: int, anchor: str | None = None) -> None:
        if self.in_key:
            raise Stop(Flaw("unparsable-config", start, start + 1, {"problem": "a key that is no single word or text"}))
        if len(self._stack) >= limits.DEPTH:
            words = {"what": f"values nested more than {limits.DEPTH} deep"}
            raise Stop(Flaw("oversized-config", start, start + 1, words))
        node = Node(start, start + 1, {} if isinstance(value, dict) else [])
        self._count(node, 1)
        if anchor is not None:
            self._anchors[anchor] = None
        self._stack.append(_Frame(value, node, anchor))

    def close(self, end: int) -> None:
        frame = self._stack.pop()
        for value, node in frame.merges:
            _merge(frame, value, node)
        frame.node.end = max(end, frame.node.start + 1)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (frame.value, frame.node, frame.size)
        self._add(frame.value, frame.node, frame.size)

    def scalar(self, value: Any, text: str, node: Node, anchor: str | None = None) -> None:
        """A value that holds no others; as a key it is its `text`."""
        self._count(node, 1)
        if anchor is not None:
            self._anchors[anchor] = (value, node, 1)
        if self.in_key:
            self._set_key(text, node)
        else:
            self._add(value, node, 1)

    def alias(self, name: str, start: int, end: int) -> None:
        known = self._anchors.get(name, ...)
        if known is ...:
            raise Stop(Flaw("unparsable-config", start, end, {"problem": f"`*{name}` means no `&{name}` before it"}))
        if known is None:
            raise Stop(Flaw("unparsable-config", start, end, {"problem": f"`*{name}` lies inside of what it means"}))
        value, node, size = known
        self._count(Node(start, end), size)
        if self.in_key:
            if node.items is not None:
                raise Stop(Flaw("unparsable-config", start, end, {"problem": "a key that is no single word or text"}))
            self._set_key(str(value), Node(start, end))
            return
        self._add(value, node, size)

    def _set_key(self, text: str, node: Node) -> None:
        frame = self._stack[-1]
        assert isinstance(frame.node.items, dict)
        before = frame.node.items.get(text)
        if before is not None:
            words = {"key": shown_short(text)}
            self.flaws.append(Flaw("duplicate-key", node.start, node.end, words, first=before.start))
        frame.key, frame.takes_key, frame.merging = (text, node.start, node.end), False, node.source == "<<"

    def _add(self, value: Any, node: Node, size: int) -> None:
        if not self._stack:
            if self.root is None:
                self.value, self.root = value, node
            return
        frame = self._stack[-1]
        frame.size += size
        if isinstance(frame.value, list):
            assert isinstance(frame.node.items, list)
            frame.value.append(value)
            frame.node.items.append(node)
            return
        assert isinstance(frame.node.items, dict) and frame.key is not None
        text, start, end = frame.key
        if frame.merging:
            frame.merges.append((value, node))
        else:
            frame.value[text] = value
            frame.node.items[text] = Entry(start, end, node)
        frame.key, frame.takes_key = None, True

    def _count(self, node: Node, size: int) -> None:
        self._size += size
        if self._size > limits.NODES:
            words = {"what": f"more than {limits.NODES:,} values, aliases included"}
            raise Stop(Flaw("oversized-config", node.start, node.end, words))


def _merge(frame: _Frame, value: Any, node: Node) -> None:
    """YAML's `<<`: what the mapping does not say itself; of several, the first that says it."""
    assert isinstance(frame.value, dict) and isinstance(frame.node.items, dict)
    pairs = zip(value, node.items, strict=True) if isinstance(node.items, list) else [(value, node)]
    for inner, place in pairs:
        if isinstance(inner, dict) and isinstance(place.items, dict):
            for name in inner.keys() - frame.value.keys():
                frame.value[name] = inner[name]
                frame.node.items[name] = place.items[name]
