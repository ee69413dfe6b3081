"""Second looks at files: their problems again, with what the project's other modules say of the names they take."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from compatcheck.link import Linker
from compatcheck.model.linking import Export
from compatcheck.model.problems import Analysis
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source
from compatcheck.project import File, read
from compatcheck.project.files import inside
from compatcheck.run.cache import digest_of
from compatcheck.run.entering import Entrances, modules_below, softened

if TYPE_CHECKING:  # importing it takes longer than answers of the cache
    from compatcheck.analyze import Analyzer

_ROUNDS = 4
# Modules that tests, handlers and readers of annotations are made of: without them everything may be reached otherwise.
_TELLING = frozenset(
    [
        "sys",
        "platform",
        "os",
        "importlib",
        "contextlib",
        "unittest",
        "typing",
        "typing_extensions",
        "six",
        "builtins",
        "functools",
        "dataclasses",
    ]
)
ABSENT, PRESENT = "", "file"


class Second:
    """Analyses files again whose first analysis asks for names that the project has. Reads files inside `root` only.

    `probed` holds what the answers rest on: by path what was found there (ABSENT, PRESENT, or the content's digest).
    """

    def __init__(self, root: str, rulebook: Rulebook, analyzer: Callable[[], Analyzer], scope: RuntimeSet) -> None:
        self._root = os.path.realpath(root)
        self.analyzer = analyzer
        self._heads = rulebook.stdlib.names
        self._modules: dict[str, Callable[[str], Export] | None] = {}
        self.probed: dict[str, str] = {}
        self._is_file = cache(self._has)
        self._linker = Linker(self._is_file, self._export, lambda name: name.partition(".")[0] in self._heads)
        self._scope = scope
        self._runtimes = rulebook.runtimes
        self._reaches: dict[str, Callable[[int], RuntimeSet] | None] = {}
        self._entrances = Entrances(self._modules_of, self._is_file, self._bytes, self._reached_in, scope)

    def __call__(self, source: Source, first: Analysis) -> Analysis:
        """The analysis that takes the project's other modules into account: what they say of names, and where they
        import this one.
        """
        if not self._is_file(source.path):
            return first
        return self._entered(self._linked(source, first) if first.wants else first, source.path)

    def _linked(self, source: Source, first: Analysis) -> Analysis:
        known = self._linker.exports(source.path, first.wants)
        if not known:
            return first
        if _only_hides(known, first):
            return _without(first, known)
        analysis = self.analyzer()(source, known, first)
        for _ in range(_ROUNDS - 1):
            fresh = self._linker.exports(source.path, (name for name in analysis.wants if name not in known))
            if not fresh:
                break
            known |= fresh
            analysis = self.analyzer()(source, known, first)
        return analysis

    def _entered(self, analysis: Analysis, path: str) -> Analysis:
        """The analysis of a module, its errors as warnings where the package does not import it."""
        if not any(problem.severity == "error" for problem in analysis.problems):
            return analysis
        entered = self._entrances.of(path)
        return analysis if self._scope <= entered else softened(analysis, entered, self._runtimes)

    def _reached_in(self, path: str, at: int) -> RuntimeSet:
        if path not in self._reaches:
            source = self._source(path)
            self._reaches[path] = self.analyzer().reached(source) if source is not None else None
        reach = self._reaches[path]
        return reach(at) if reach is not None else self._scope

    def _bytes(self, path: str) -> bytes | None:
        source = self._source(path)
        if source is None:
            return None
        self.probed[path] = digest_of(source.data, source.kind)
        return source.data

    def _modules_of(self, package: str) -> list[str]:
        found = modules_below(self._root, package)
        self.probed[package + "/"] = _listing(found)
        return found

    def still(self, probed: Mapping[str, str], digests: Mapping[str, str]) -> bool:
        """Whether what earlier answers rest on is as it was; `digests` are those of files that were read already."""
        return all(self._now(path, was, digests) == was for path, was in probed.items())

    def _now(self, path: str, was: str, digests: Mapping[str, str]) -> str:
        if path.endswith("/"):
            return _listing(modules_below(self._root, path.rstrip("/")))
        if not self._is_file(path):
            return ABSENT
        if was in (ABSENT, PRESENT):
            return PRESENT
        if path in digests:
            return digests[path]
        source = self._source(path)
        return digest_of(source.data, source.kind) if source is not None else PRESENT

    def _export(self, path: str, name: str) -> Export | None:
        if path not in self._modules:
            self._modules[path] = self._opened(path)
        ask = self._modules[path]
        return ask(name) if ask is not None else None

    def _opened(self, path: str) -> Callable[[str], Export] | None:
        source = self._source(path)
        if source is None:
            return None
        self.probed[path] = digest_of(source.data, source.kind)
        return self.analyzer().exporter(source)

    def _source(self, path: str) -> Source | None:
        source = read(File(path, os.path.join(self._root, path), "module", Settings()))
        return source if isinstance(source, Source) else None

    def _has(self, path: str) -> bool:
        location = os.path.join(self._root, path)
        found = os.path.isfile(location) and inside(os.path.realpath(location), self._root)
        self.probed[path] = PRESENT if found else ABSENT
        return found


def _listing(modules: list[str]) -> str:
    return digest_of("\n".join(modules).encode("utf-8", "surrogateescape"), "listing")


def _only_hides(known: Mapping[str, Export], first: Analysis) -> bool:
    """Whether all that the others say is that a module of theirs stands for the standard one of its name, and nothing
    but the problems with that one depends on it.
    """
    return (
        all(export.own for export in known.values())
        and _TELLING.isdisjoint(known)
        and all(problem.kind != "guard" for problem in first.problems)
    )


def _without(first: Analysis, known: Mapping[str, Export]) -> Analysis:
    """The analysis without the problems of names that mean something else."""
    kept = tuple(p for p in first.problems if p.symbol is None or p.symbol.partition(".")[0] not in known)
    return replace(first, problems=kept)
