"""Folders and files against versions: how many errors where."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from compatcheck.model.report import Report

LEVELS = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """Errors on one version; `level` from 0 (none) to LEVELS."""

    count: int
    level: int


@dataclass(frozen=True, slots=True)
class Row:
    """A folder or file. `clean` files below a folder have no error; `end` is the number of the row behind its last."""

    name: str
    path: str
    depth: int
    folder: bool
    errors: int
    clean: int
    cells: tuple[Cell, ...]
    end: int


@dataclass
class _Node:
    name: str
    path: str
    folder: bool
    counts: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    clean: int = 0
    inner: dict[str, _Node] = field(default_factory=dict)


def heat_of(report: Report) -> list[Row]:
    """Rows of a tree, each folder before what it holds; files without errors are only counted."""
    root = _tree(report)
    most = {folder: _most(root, folder) for folder in (True, False)}  # the sum of many files would outshine them
    rows: list[Row] = []
    for node in sorted(root.inner.values(), key=_order):
        _add(node, 0, rows, tuple(report.summary.by_runtime), most)
    return rows


def _tree(report: Report) -> _Node:
    root = _Node("", "", True)
    counts: dict[str, Counter[str]] = {}
    errors: Counter[str] = Counter()
    for one in report.findings:
        if one.severity == "error":
            errors[one.path] += 1
            counts.setdefault(one.path, Counter()).update(one.fails_on)
    for path in dict.fromkeys([*(file.path for file in report.files), *counts]):
        _put(root, path, counts.get(path, {}), errors[path])
    return root


def _put(root: _Node, path: str, counts: Mapping[str, int], errors: int) -> None:
    *folders, name = path.split("/")
    node, at = root, ""
    for part in folders:
        at += f"{part}/"
        node = node.inner.setdefault(f"{part}/", _Node(f"{part}/", at, True))
        node.counts.update(counts)
        node.errors += errors
        node.clean += not errors
    if errors:
        node.inner[name] = _Node(name, path, False, Counter(counts), errors)


def _most(root: _Node, folder: bool) -> int:
    counts = (count for node in _below(root) if node.folder == folder for count in node.counts.values())
    return max(counts, default=1)


def _below(node: _Node) -> Iterator[_Node]:
    for inner in node.inner.values():
        yield inner
        yield from _below(inner)


def _order(node: _Node) -> tuple[bool, str]:
    return not node.folder, node.name


def _add(node: _Node, depth: int, rows: list[Row], versions: tuple[str, ...], most: Mapping[bool, int]) -> None:
    while node.folder and len(node.inner) == 1 and (only := next(iter(node.inner.values()))).folder:
        node = _Node(node.name + only.name, only.path, True, only.counts, only.errors, node.clean, only.inner)
    at = len(rows)
    cells = tuple(Cell(count := node.counts[version], _level(count, most[node.folder])) for version in versions)
    rows.append(Row(node.name, node.path, depth, node.folder, node.errors, node.clean, cells, 0))
    for inner in sorted(node.inner.values(), key=_order):
        _add(inner, depth + 1, rows, versions, most)
    rows[at] = Row(node.name, node.path, depth, node.folder, node.errors, node.clean, cells, len(rows))


def _level(count: int, most: int) -> int:
    """On a logarithmic scale: one error among hundreds must show."""
    if not count:
        return 0
    return min(LEVELS, 1 + int((LEVELS - 1) * math.log(count) / math.log(max(most, 2))))
