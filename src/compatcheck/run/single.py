"""Findings of single texts in the place of a project's files: what a rewritten file would give."""

from __future__ import annotations

from collections.abc import Iterable

from compatcheck.model.problems import Analysed
from compatcheck.model.report import Finding
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, SourceKind
from compatcheck.project import Project
from compatcheck.rulebook import load_rulebook
from compatcheck.run.assemble import assemble_file
from compatcheck.run.check import rule_names
from compatcheck.run.linking import Second


class Single:
    """Checks bytes as a file of the project; made once, without the cache and without other processes. `used` are the
    settings of the files.
    """

    def __init__(self, project: Project, used: Iterable[Settings] = ()) -> None:
        self.rulebook = load_rulebook(specs=project.specs(used))
        self._project = project
        self._names = rule_names(self.rulebook)
        self._seconds: dict[tuple[str, ...], tuple[RuntimeSet, Second]] = {}

    def __call__(self, path: str, data: bytes, settings: Settings, kind: SourceKind = "module") -> list[Finding]:
        """The unsuppressed findings. Raises ValueError for what cannot be checked."""
        targets, second = self._second(settings)
        source = Source(path, data, kind)
        analysis = second(source, second.analyzer()(source))
        if analysis.unreadable is not None:
            raise ValueError(analysis.unreadable)
        analysed = Analysed(path, len(data), analysis)
        return assemble_file(analysed, targets, settings, self.rulebook, self._names)[0]

    def targets(self, settings: Settings) -> RuntimeSet:
        """The runtimes that a file's settings ask for."""
        return self._second(settings)[0]

    def _second(self, settings: Settings) -> tuple[RuntimeSet, Second]:
        if settings.targets not in self._seconds:
            from compatcheck.analyze import Analyzer

            parse = self.rulebook.runtimes.parse
            targets = NO_RUNTIMES
            for target in self.rulebook.runtimes.parse_all(settings.targets):
                targets |= target.runtimes
            decorators = {name: parse(spec).runtimes for name, spec in self._project.settings.guard_decorators}
            run = self._project.settings
            analyzer = Analyzer(self.rulebook, targets, decorators, aggressive=run.aggressive, systems=run.platform)
            self._seconds[settings.targets] = (
                targets,
                Second(self._project.root, self.rulebook, lambda: analyzer, targets),
            )
        return self._seconds[settings.targets]
