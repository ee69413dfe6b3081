"""Follows names from module to module until they mean something."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from compatcheck.link.modules import IsFile, import_root, locate
from compatcheck.model.linking import PROVIDERS, Export, Sense
from compatcheck.model.runtimes import RuntimeSet

_LONGEST_CHAIN = 8


class Linker:
    """Answers what names of other modules mean to a file.

    `is_file` says whether the project has a file, `export` what a name of one means as far as that file can tell (None
    when it cannot be read); `is_standard` whether a dotted name starts like one of the standard library.
    """

    def __init__(
        self, is_file: IsFile, export: Callable[[str, str], Export | None], is_standard: Callable[[str], bool]
    ) -> None:
        self._is_file = is_file
        self._export = export
        self._is_standard = is_standard
        self._known: dict[tuple[str, str], Export | None] = {}

    def exports(self, importer: str, wants: Iterable[str]) -> dict[str, Export]:
        """Those of the wanted names that can change what is found in `importer`."""
        found = {}
        for symbol in wants:
            export = self._meant(symbol, importer, _LONGEST_CHAIN)
            if export is not None and self._is_interesting(export):
                found[symbol] = export
        return found

    def _is_interesting(self, export: Export) -> bool:
        return export.own or export.tells or any(s.symbol and self._is_standard(s.symbol) for s in export.senses)

    def _meant(self, symbol: str, importer: str, chain: int) -> Export | None:
        if PROVIDERS.get(symbol) in importer.split("/")[:-1]:
            return Export(own=True)  # the package that brings the module takes it from itself
        place = locate(symbol, importer, self._is_file)
        if place is None or place[0] == importer:
            return None
        path, rest = place
        if not rest and self._is_standard(symbol):
            return Export(own=True) if self._shadows(path, importer) else None
        return self._name(path, ".".join(rest), chain) if len(rest) in (1, 2) else None

    def _shadows(self, path: str, importer: str) -> bool:
        """Whether a module hides the standard one of its name: only where scripts and packages start from."""
        top = import_root(importer.rpartition("/")[0], self._is_file)
        return path.removesuffix("/__init__.py").rpartition("/")[0] == top

    def _name(self, path: str, name: str, chain: int) -> Export | None:
        key = path, name
        if key not in self._known:
            self._known[key] = None  # what refers to itself is not known
            export = self._export(path, name)
            if export is not None and (export.senses or export.values or export.calls):
                self._known[key] = self._followed(export, path, chain)
        return self._known[key]

    def _followed(self, export: Export, path: str, chain: int) -> Export:
        """The export with its names of other modules replaced by what these mean there."""
        senses: list[Sense] = []
        values, calls = dict(export.values), dict(export.calls)
        for sense in export.senses:
            there = self._meant(sense.symbol, path, chain - 1) if sense.elsewhere and sense.symbol and chain else None
            if there is None:
                foreign = sense.symbol is not None and sense.symbol.startswith(".")
                senses.append(replace(sense, symbol=None if foreign else sense.symbol, elsewhere=False))
                continue
            senses += [replace(one, on=one.on & sense.on) for one in there.senses]
            values |= _on(there.values, sense.on)
            calls |= _on(there.calls, sense.on)
        return Export(tuple(senses), values, calls)


def _on(values: Any, on: RuntimeSet) -> dict[int, tuple[Any, Any]]:
    return {bit: pair for bit, pair in values.items() if on.bits >> bit & 1}
