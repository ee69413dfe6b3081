"""What a worker does with one file; made once a run, before processes are forked."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from compatcheck.fix.book import load_fixes
from compatcheck.fix.context import Context
from compatcheck.fix.fixer import Outcome, fix_file
from compatcheck.fix.passes import Refusal
from compatcheck.model.report import Finding
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source
from compatcheck.project import File, Project, read
from compatcheck.run import Single


def _allowed(select: Sequence[str]) -> Callable[[Finding], bool]:
    """Which findings are to be fixed: those of the named rules and kinds, or all but guesses about what may go wrong."""
    names = frozenset(select)
    return lambda one: bool(names & {one.rule, one.kind}) if names else one.severity != "info"


class Work:
    """Fixes one file: reads it, never writes it."""

    def __init__(
        self, project: Project, used: Iterable[Settings], select: Sequence[str], unsafe: bool, guard: bool
    ) -> None:
        self._single = Single(project, used)
        self._book = load_fixes()
        self._wants = _allowed(select)
        self._unsafe, self._guard = unsafe, guard

    def __call__(self, item: tuple[File, Sequence[Finding]]) -> Outcome:
        file, findings = item
        source = read(file) if file.data is None else Source(file.path, file.data, file.kind)
        if not isinstance(source, Source):
            return Outcome(file.path, b"", kept=source.reason, left=tuple(findings))
        if file.kind != "module":
            reasons = tuple(Refusal(one, f"a {file.kind} is not rewritten") for one in findings if self._wants(one))
            return Outcome(file.path, source.data, refused=reasons, left=tuple(findings))
        try:
            return self._outcome(file, source, findings)
        except Exception as error:  # one file's bug must not take the others' fixes away
            if os.environ.get("COMPATCHECK_TRACEBACK"):
                raise
            kept = f"internal error: {type(error).__name__}: {error}; please report this"
            return Outcome(file.path, source.data, left=tuple(findings), kept=kept)

    def _outcome(self, file: File, source: Source, findings: Sequence[Finding]) -> Outcome:
        return fix_file(
            file.path,
            source.data,
            findings,
            lambda data: self._single(file.path, data, file.settings, file.kind),
            self._book,
            self._context(file.settings),
            self._wants,
        )

    def findings(self, file: File, data: bytes) -> list[Finding]:
        """The findings of a text in the place of a file."""
        return self._single(file.path, data, file.settings, file.kind)

    def _context(self, settings: Settings) -> Context:
        oldest, newest = ends(self._single.targets(settings), self._single)
        book = self._book
        return Context(
            self._single.rulebook.stdlib, book.equivalents, book.helpers, oldest, newest, self._unsafe, self._guard
        )


def ends(targets: RuntimeSet, single: Single) -> tuple[tuple[int, int], tuple[int, int]]:
    """The oldest and the newest Python among the targets."""
    pythons = [runtime.python for runtime in single.rulebook.runtimes.members(targets)]
    return min(pythons), max(pythons)
