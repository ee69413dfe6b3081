"""TOML to values and places: values by the standard library's parser, places of keys by their lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any

from compatcheck.configs import limits
from compatcheck.configs.builder import Builder, Flaw
from compatcheck.configs.document import Entry, Node, Path

_KEY = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_LINE = re.compile(
    rf"^[ \t]*(?:(?P<open>\[\[?)[ \t]*(?P<table>{_DOTTED})[ \t]*\]|(?P<key>{_DOTTED})[ \t]*=[ \t]*(?P<value>[^\n]*))",
    re.MULTILINE,
)
_LONG_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""|' + r"'''.*?'''", re.DOTALL)
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_LIMIT = 1 << 20  # characters: the parser is Python, a megabyte takes it a second


def read_toml(text: str) -> Builder:
    """The builder after the whole text, or after what ended the reading, which is the last of its flaws."""
    builder = Builder()
    if len(text) > _LIMIT:
        builder.flaws.append(Flaw("oversized-config", 0, 1, {"what": f"more than {_LIMIT >> 20} MB of TOML"}))
        return builder
    try:
        value = _parsed(text)
    except RecursionError:
        words = {"what": f"values nested more than {limits.DEPTH} deep"}
        builder.flaws.append(Flaw("oversized-config", 0, 1, words))
    except ValueError as error:
        builder.flaws.append(_broken(text, str(error)))
    else:
        builder.value, builder.root = value, _places(text, value)
    return builder


def _parsed(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _broken(text: str, message: str) -> Flaw:
    """The parser's message without its place, which becomes the flaw's."""
    found = _AT.search(message)
    at = len(text.rstrip())
    if found is not None:
        lines = text.replace("\r\n", "\n").split("\n")
        at = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
        at += text.count("\r\n", 0, at)
    problem = re.sub(r"\s*\(at [^()]*\)", "", message)
    return Flaw("unparsable-config", at, at + 1, {"problem": problem[:1].lower() + problem[1:]})


def _places(text: str, value: dict[str, Any]) -> Node:
    """Places of all keys that stand at the head of a line; what lies inside of inline values has its key's place."""
    known = dict(_keys(text))
    return _node(value, (), known, (0, max(len(text), 1)))


def _node(value: Any, path: Path, known: dict[Path, tuple[int, int, int, int]], around: tuple[int, int]) -> Node:
    key_start, key_end, start, end = known.get(path, (*around, *around))
    node = Node(start, end)
    if isinstance(value, dict):
        node.items = {}
        for name, inner in value.items():
            place = known.get((*path, name))
            own = place[:2] if place is not None else (key_start, key_end)
            node.items[name] = Entry(*own, _node(inner, (*path, name), known, own))
    elif isinstance(value, list):
        node.items = [_node(inner, (*path, index), known, (start, end)) for index, inner in enumerate(value)]
    return node


def _keys(text: str) -> Iterator[tuple[Path, tuple[int, int, int, int]]]:
    """(path, (key's start and end, value's start and end)) of each line that names a key."""
    hidden = _LONG_STRING.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    table: Path = ()
    counts: dict[Path, int] = {}
    for found in _LINE.finditer(hidden):
        if found["table"] is not None:
            table = _resolved(tuple(_split(found["table"])), counts, array=found["open"] == "[[")
            place = (found.start("table"), found.end("table"))
            yield table, (*place, *place)
            continue
        start, end = found.span("value")
        yield (*table, *_split(found["key"])), (found.start("key"), found.end("key"), start, max(end, start + 1))


def _resolved(names: tuple[str, ...], counts: dict[Path, int], *, array: bool) -> Path:
    """The path of a table: the last item of each array of tables on the way."""
    path: Path = ()
    for index, name in enumerate(names):
        path = (*path, name)
        if array and index == len(names) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _split(dotted: str) -> Iterator[str]:
    for part in re.findall(_KEY, dotted):
        yield part[1:-1] if part[0] in "\"'" else part
