"""Breakages of a file: those of breakages.yaml that its content allows, and the texts that they give."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any

import yaml

from tools.breakage.text import Edited, Yaml

_TABLE = yaml.safe_load((FilePath(__file__).parent / "breakages.yaml").read_text("utf-8"))


@dataclass(frozen=True)
class Broken:
    """A broken file: `rule` must be found on one of `lines`; None is any."""

    id: str
    rule: str
    data: bytes
    lines: frozenset[int] | None


def broken(text: str, dialect: str) -> Iterator[Broken]:
    """The file, broken in each way that it can be."""
    for entry in _TABLE["text"]:
        edited = _TEXTS[entry["id"]](text)
        data = edited if isinstance(edited, tuple) else (edited.text.encode(), edited.lines)
        yield Broken(f"text/{entry['id']}", entry["rule"], *data)
    for entry in _TABLE[dialect]:
        edit = _edit(Yaml(text), entry)
        if edit is not None:
            yield Broken(f"{dialect}/{entry['id']}", entry["rule"], edit.text.encode(), edit.lines)


def ids() -> list[str]:
    """All breakages that there are."""
    return [f"{group}/{entry['id']}" for group, entries in _TABLE.items() for entry in entries]


def _edit(file: Yaml, entry: Mapping[str, Any]) -> Edited | None:
    if "unless" in entry and next(file.paths(entry["unless"]), None) is not None:
        return None
    for path in file.paths(entry["at"]):
        holder = file.node(path)
        if "replace" in entry:
            return file.replace(path, str(entry["replace"]))
        if "rename" in entry and isinstance(path[-1], str):
            return file.rename(path, entry["rename"])
        if "remove" in entry:
            return file.remove(path)
        if "add" not in entry or isinstance(holder, yaml.ScalarNode):
            continue
        if entry["add"].partition(":")[0] in dict(file_keys(holder)):
            continue
        if entry.get("flow"):
            return _add_items(file, path, entry["add"], holder)
        edited = file.add(path, entry["add"])
        return Edited(edited.text, None) if entry.get("line") == "later" else edited
    return None


def _add_items(file: Yaml, path: Any, items: str, holder: Any) -> Edited:
    """Two items; what is wrong is the second."""
    first, _, second = items.partition("}, ")
    added = file.add(path, second)
    again = Yaml(added.text).add(path, first + "}")

    return Edited(again.text, frozenset(line + (not holder.flow_style) for line in again.lines or ()))


def file_keys(holder: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(holder, yaml.MappingNode):
        yield from ((key.value, value) for key, value in holder.value)


def _appended(*lines: str, wrong: int = 0) -> Callable[[str], Edited]:
    """Lines behind the text, of which one is wrong."""

    def edit(text: str) -> Edited:
        whole = text if text.endswith("\n") else text + "\n"
        return Edited(whole + "\n".join(lines) + "\n", frozenset({whole.count("\n") + 1 + wrong}))

    return edit


def _raw(line: bytes) -> Callable[[str], tuple[bytes, frozenset[int]]]:
    def edit(text: str) -> tuple[bytes, frozenset[int]]:
        whole = text if text.endswith("\n") else text + "\n"
        return whole.encode() + line, frozenset({whole.count("\n") + 1})

    return edit


def _duplicate(text: str) -> Edited:
    key = re.search(r"^([A-Za-z_]\w*):", text, re.MULTILINE)
    assert key is not None
    return _appended(f"{key[1]}: again")(text)


def _word_for_true(text: str) -> Edited:
    return _appended("x-flag: yes")(text)


def _root_list(text: str) -> Edited:
    return Edited("- a\n- b\n", frozenset({1}))


_BOMB = [f"x-{n}: &x{n} [{', '.join([f'*x{n - 1}' if n else '1'] * 10)}]" for n in range(6)]
_TEXTS: Mapping[str, Callable[[str], Any]] = {
    "tab": _appended("x-tab:", "\ta: b", wrong=1),
    "duplicate-key": _duplicate,
    "open-quote": _appended('x-quote: "never closed'),
    "open-bracket": _appended("x-bracket: [a, b", "x-next: c"),
    "no-colon": _appended("x-colon a", "x-next: c"),
    "indented-key": _appended("x-key: a", "   x-next: c", wrong=1),
    "second-colon": _appended("x-key: a: b"),
    "second-document": _appended("---", "name: b"),
    "python-object": _appended("x-object: !!python/object/apply:os.getcwd []"),
    "unknown-alias": _appended("x-alias: *nowhere"),
    "own-alias": _appended("x-alias: &own [*own]"),
    "control-character": _appended("x-bell: a\x07b"),
    "reserved-sign": _appended("x-sign: @home"),
    "no-date": _appended("x-date: 2024-13-45"),
    "list-key": _appended("? [a, b]", ": c"),
    "not-utf-8": _raw(b"x-latin: caf\xe9\n"),
    "binary": _raw(b"x-binary: a\x00b\n"),
    "huge-number": _appended("x-number: " + "9" * 5_000),
    "deep": _appended("x-deep: " + "[" * 150 + "]" * 150),
    "alias-bomb": _appended(*_BOMB, wrong=len(_BOMB) - 2),
    "word-for-true": _word_for_true,
    "base-60": _appended("x-time: 1:30"),
    "root-list": _root_list,
    "empty": lambda text: Edited("", frozenset({1})),
}
