"""Second looks at files: their problems again, with what the project's other modules say of the names they take."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from compatcheck.analyze import Analyzer
from compatcheck.link import Linker
from compatcheck.model.linking import Export
from compatcheck.model.problems import Analysis
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source
from compatcheck.project import File, read
from compatcheck.run.entering import Entrances, softened

_ROUNDS = 4


class Second:
    """Analyses files again whose first analysis asks for names that the project has. Reads files inside `root` only."""

    def __init__(self, root: str, rulebook: Rulebook, analyzer: Analyzer, scope: RuntimeSet) -> None:
        self._root = os.path.realpath(root)
        self.analyzer = analyzer
        self._heads = rulebook.stdlib.names
        self._modules: dict[str, Callable[[str], Export] | None] = {}
        self._is_file = cache(self._has)
        self._linker = Linker(self._is_file, self._export, lambda name: name.partition(".")[0] in self._heads)
        self._scope = scope
        self._runtimes = rulebook.runtimes
        self._reaches: dict[str, Callable[[int], RuntimeSet] | None] = {}
        self._entrances = Entrances(self._root, self._is_file, self._bytes, self._reached_in, scope)

    def __call__(self, source: Source, first: Analysis) -> Analysis:
        """The analysis that takes the project's other modules into account."""
        analysis = first
        known: dict[str, Export] = {}
        if not self._is_file(source.path):
            return first
        for _ in range(_ROUNDS):
            fresh = self._linker.exports(source.path, (name for name in analysis.wants if name not in known))
            if not fresh:
                break
            known |= fresh
            analysis = self.analyzer(source, known)
        return analysis

    def entered(self, analysis: Analysis, path: str) -> Analysis:
        """The analysis of a module, its errors as warnings where the package does not import it."""
        if not any(problem.severity == "error" for problem in analysis.problems) or not self._is_file(path):
            return analysis
        entered = self._entrances.of(path)
        return analysis if self._scope <= entered else softened(analysis, entered, self._runtimes)

    def _reached_in(self, path: str, at: int) -> RuntimeSet:
        if path not in self._reaches:
            source = read(File(path, os.path.join(self._root, path), "module", Settings()))
            self._reaches[path] = self.analyzer.reached(source) if isinstance(source, Source) else None
        reach = self._reaches[path]
        return reach(at) if reach is not None else self._scope

    def _bytes(self, path: str) -> bytes | None:
        source = read(File(path, os.path.join(self._root, path), "module", Settings()))
        return source.data if isinstance(source, Source) else None

    def _export(self, path: str, name: str) -> Export | None:
        if path not in self._modules:
            self._modules[path] = self._opened(path)
        ask = self._modules[path]
        return ask(name) if ask is not None else None

    def _opened(self, path: str) -> Callable[[str], Export] | None:
        source = read(File(path, os.path.join(self._root, path), "module", Settings()))
        return self.analyzer.exporter(source) if isinstance(source, Source) else None

    def _has(self, path: str) -> bool:
        location = os.path.realpath(os.path.join(self._root, path))
        return location.startswith(self._root.rstrip(os.sep) + os.sep) and os.path.isfile(location)
