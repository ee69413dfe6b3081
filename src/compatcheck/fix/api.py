"""Fixes as a Python function: one text, without a project around it."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.fix.fixer import Outcome
from compatcheck.fix.work import Work
from compatcheck.model.source import Source
from compatcheck.project import File, open_project


class Fixes:
    """Fixes texts for targets; made once, called for each text. Raises BadSettings (a ValueError) for unknown targets."""

    def __init__(
        self, targets: Iterable[str], *, unsafe: bool = False, guard: bool = False, select: Iterable[str] = ()
    ) -> None:
        self._project = open_project((".",), {"target": list(targets), "cache": False}, isolated=True)
        self._work = Work(self._project, (), tuple(select), unsafe, guard)

    def __call__(self, data: str | bytes, path: str = "<string>") -> Outcome:
        source = Source(path, data.encode() if isinstance(data, str) else data)
        file = File(path, "", source.kind, self._project.settings, source.data)
        return self._work((file, self._work.findings(file, source.data)))
