"""On which runtimes a package's own imports let one of its modules be imported at all: `if NEW: from . import _new`."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from compatcheck.link.modules import IsFile, import_root, locate
from compatcheck.model.problems import Analysis, Problem
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet

# Begins with a literal: a hundred times as fast as with the begin of a line.
_IMPORT = re.compile(rb"\n([ \t]*)(?:from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)|import[ \t]+([^\n#]+))")
_NAME = re.compile(r"[\w.]+")
_MOST_FILES = 5_000
_DEEPEST = 10
# The bytes of a file of the root, None where it cannot be read; and where a place of one is reached.
Modules = Callable[[str], list[str]]
Read = Callable[[str], bytes | None]
Reached = Callable[[str, int], RuntimeSet]


@dataclass(frozen=True, slots=True)
class _Import:
    """An import statement of a module, at a byte; `guarded` says that something stands around it."""

    importer: str
    at: int
    guarded: bool
    symbols: tuple[str, ...]


class Entrances:
    """Answers for packages; looks at a package's files, which `modules` lists, when it is first asked about one."""

    def __init__(self, modules: Modules, is_file: IsFile, read: Read, reached: Reached, everything: RuntimeSet) -> None:
        self._modules = modules
        self._is_file = is_file
        self._read = read
        self._reached = reached
        self._all = everything
        self._packages: dict[str, dict[str, list[_Import]]] = {}
        self._known: dict[str, RuntimeSet] = {}

    def of(self, path: str, depth: int = 0) -> RuntimeSet:
        """The runtimes on which the package's imports get to a module; all where none of them is seen."""
        if path not in self._known:
            self._known[path] = NO_RUNTIMES if depth else self._all  # a circle adds nothing
            self._known[path] = self._entered(path, depth)
        return self._known[path]

    def _entered(self, path: str, depth: int) -> RuntimeSet:
        top = import_root(os.path.dirname(path), self._is_file)
        inside = path[len(top) :].lstrip("/")
        if "/" not in inside or (inside.count("/") == 1 and inside.endswith("/__init__.py")) or depth > _DEEPEST:
            return self._all  # no module of a package, or the package itself: anybody may import it
        package = os.path.join(top, inside.partition("/")[0])
        if package not in self._packages:
            self._packages[package] = self._imports_of(package)
        name = path.removesuffix("/__init__.py").removesuffix(".py").rpartition("/")[2]
        entered, seen = NO_RUNTIMES, False
        for found in self._packages[package].get(name, ()):
            if found.importer != path and any(self._is(symbol, found.importer, path) for symbol in found.symbols):
                seen = True
                here = self._reached(found.importer, found.at) if found.guarded else self._all
                entered |= here & self.of(found.importer, depth + 1)
        return entered if seen else self._all

    def _is(self, symbol: str, importer: str, path: str) -> bool:
        place = locate(symbol, importer, self._is_file)
        return place is not None and place[0] == path

    def _imports_of(self, package: str) -> dict[str, list[_Import]]:
        """The imports of all modules of a package, by every word of the names that they import."""
        found: dict[str, list[_Import]] = defaultdict(list)
        for path in self._modules(package):
            for statement in _imports_in(path, self._read(path) or b""):
                for word in {word for symbol in statement.symbols for word in symbol.split(".")}:
                    found[word].append(statement)
        return found


def modules_below(root: str, package: str) -> list[str]:
    """The modules of a package in a fixed order, as paths below the root; of a huge one the first ones."""
    found: list[str] = []
    for folder, folders, names in os.walk(os.path.join(root, package)):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        here = os.path.relpath(folder, root).replace(os.sep, "/")
        found += (f"{here}/{name}" for name in sorted(names) if name.endswith(".py"))
        if len(found) >= _MOST_FILES:
            return found[:_MOST_FILES]
    return found


def _imports_in(path: str, code: bytes) -> Iterator[_Import]:
    for match in _IMPORT.finditer(b"\n" + code):
        indent, module, names, plain = (part.decode("utf-8", "replace") if part else "" for part in match.groups())
        parts = [part.split(" as ")[0].strip(" ()\\\n\t") for part in (names or plain).split(",")]
        taken = [part for part in parts if _NAME.fullmatch(part)]
        joint = module if module.endswith(".") else f"{module}."
        symbols = tuple(f"{joint}{name}" for name in taken) if module else tuple(taken)
        yield _Import(path, match.start() + len(indent), bool(indent), symbols)


def softened(analysis: Analysis, entered: RuntimeSet, runtimes: Runtimes) -> Analysis:
    """The analysis with errors as warnings that no import of the package gets to."""
    phrase = runtimes.phrase(entered) or "no target"
    why = f"the package imports this module on {phrase} only"
    return replace(analysis, problems=tuple(_softened(problem, entered, why) for problem in analysis.problems))


def _softened(problem: Problem, entered: RuntimeSet, why: str) -> Problem:
    if problem.severity != "error" or problem.fails & entered:
        return problem
    return replace(problem, severity="warning", confidence="possible", evidence=(*problem.evidence, why))
