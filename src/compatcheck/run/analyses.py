"""Files to analyses: from the cache, alone, or with several processes; the answer never depends on which."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import compatcheck
from compatcheck.model.problems import Analysed, Analysis
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, Project, read
from compatcheck.rulebook.secrets import load_secrets
from compatcheck.run.cache import Cache, cache_name, digest_of
from compatcheck.run.codec import decode, encode
from compatcheck.run.line_hashes import hashed
from compatcheck.run.linking import Second
from compatcheck.run.masking import Masker
from compatcheck.run.pool import Crashed, work_on

if TYPE_CHECKING:
    from compatcheck.analyze import Analyzer

Progress = Callable[[int, int], None]
_PARSERS = ("ast_serialize", "tree_sitter", "tree_sitter_python")


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker says of a file: its content's digest and size, and the analysis as text."""

    digest: str
    size: int
    text: str


def analyse(
    files: Sequence[File],
    rulebook: Rulebook,
    scope: RuntimeSet,
    project: Project,
    progress: Progress | None,
    *,
    facts: bool = False,
) -> list[Analysed | Unreadable]:
    """The analysis of each file, in the order of the files; with `facts` for other checks, too."""
    settings = project.settings
    cache = Cache(Path(project.root), _cache_name(rulebook, scope, settings, facts)) if settings.cache else None
    answers: list[_Answer | Unreadable | Crashed | None] = [None] * len(files)
    waiting = list(range(len(files)))
    if cache is not None and len(cache):
        waiting = [index for index in waiting if not _cached(index, files[index], cache, answers)]
    work = _Work(rulebook, scope, settings, facts)
    done = len(files) - len(waiting)
    for at, answer in work_on([files[index] for index in waiting], work, settings.jobs or os.cpu_count() or 1):
        answers[waiting[at]] = answer
        done += 1
        if progress is not None:
            progress(done, len(files))
    if cache is not None:
        _keep(cache, answers)
    _Linked(Second(project.root, rulebook, work.analyzer, scope), cache).look_again(files, answers, work.mask)
    if cache is not None:
        cache.save()
    return [_analysed(file, answer) for file, answer in zip(files, answers, strict=True)]


class _Work:
    """Reads and analyses one file. What it needs is made once a process, and before processes are forked."""

    def __init__(self, rulebook: Rulebook, scope: RuntimeSet, settings: Settings, facts: bool) -> None:
        self._asked = rulebook, scope, settings, facts
        self._made: Analyzer | None = None
        self.mask = Masker()

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_made": None}  # where processes are not forked, each makes its own

    def analyzer(self) -> Analyzer:
        """Made when the first file needs it: the cache may know all of them."""
        if self._made is None:
            from compatcheck.analyze import Analyzer

            rulebook, scope, settings, facts = self._asked
            decorators = {name: rulebook.runtimes.parse(spec).runtimes for name, spec in settings.guard_decorators}
            self._made = Analyzer(
                rulebook, scope, decorators, facts=facts, aggressive=settings.aggressive, systems=settings.platform
            )
        return self._made

    def __call__(self, file: File) -> _Answer | Unreadable:
        source = _source(file)
        if isinstance(source, Unreadable):
            return source
        try:
            analysis = self.analyzer()(source)
        except Exception as error:  # one file's bug must not take the others' results away
            if os.environ.get("COMPATCHECK_TRACEBACK"):
                raise
            what = self.mask.words(source, f"{type(error).__name__}: {error}")
            return Unreadable(file.path, f"internal error: {what}; please report this")
        return _Answer(
            digest_of(source.data, source.kind), len(source.data), encode(_finished(source, analysis, self.mask))
        )


class _Linked:
    """Answers that rest on other modules of the project, kept together with what they rest on."""

    def __init__(self, second: Second, cache: Cache | None) -> None:
        self._second = second
        self._cache = cache
        self._digests: dict[str, str] = {}
        self._valid: dict[str, bool] = {}
        self._new: dict[str, str] = {}

    def look_again(
        self, files: Sequence[File], answers: list[_Answer | Unreadable | Crashed | None], mask: Masker
    ) -> None:
        """Replaces the answers that depend on other modules of the project."""
        self._digests = {f.path: a.digest for f, a in zip(files, answers, strict=True) if isinstance(a, _Answer)}
        for index, answer in enumerate(answers):
            if not isinstance(answer, _Answer) or not answer.text or not (first := decode(answer.text)).problems:
                continue
            text = self._kept(files[index], answer)
            if text is None:
                text = self._fresh(files[index], answer, first, mask)
            if text is not None and text != answer.text:
                answers[index] = _Answer(answer.digest, answer.size, text)
        self._keep()

    def _fresh(self, file: File, answer: _Answer, first: Analysis, mask: Masker) -> str | None:
        source = _source(file)
        if not isinstance(source, Source):
            return None
        analysis = self._second(source, first)
        text = answer.text if analysis is first else encode(_finished(source, analysis, mask))
        self._new[_linked_name(file, answer)] = text
        return text

    def _kept(self, file: File, answer: _Answer) -> str | None:
        entry = self._cache.get(_linked_name(file, answer)) if self._cache is not None else None
        if entry is None or self._cache is None:
            return None
        rests_on, _, text = entry.partition("\n")
        if rests_on not in self._valid:
            probed = self._cache.get(rests_on)
            self._valid[rests_on] = probed is not None and self._second.still(json.loads(probed), self._digests)
        return text if self._valid[rests_on] else None

    def _keep(self) -> None:
        if self._cache is None or not self._new:
            return
        probed = json.dumps(self._second.probed, sort_keys=True)
        name = "probed " + digest_of(probed.encode(), "")
        self._cache.put(name, probed)
        for key, text in self._new.items():
            self._cache.put(key, f"{name}\n{text}")


def _finished(source: Source, analysis: Analysis, mask: Masker) -> Analysis:
    """What may be kept and shown of an analysis: without secrets, with the hashes of lines."""
    return hashed(source, mask(source, analysis), mask)


def _linked_name(file: File, answer: _Answer) -> str:
    return f"{answer.digest} {file.path}"


def _source(file: File) -> Source | Unreadable:
    return read(file) if file.data is None else Source(file.path, file.data, file.kind)


def _cached(index: int, file: File, cache: Cache, answers: list[_Answer | Unreadable | Crashed | None]) -> bool:
    source = _source(file)
    if isinstance(source, Unreadable):
        answers[index] = source
        return True
    digest = digest_of(source.data, source.kind)
    text = cache.get(digest)
    if text is not None:
        answers[index] = _Answer(digest, len(source.data), text)
    return text is not None


def _keep(cache: Cache, answers: Sequence[_Answer | Unreadable | Crashed | None]) -> None:
    for answer in answers:
        if isinstance(answer, _Answer) and cache.get(answer.digest) is None:
            cache.put(answer.digest, answer.text)


def _analysed(file: File, answer: _Answer | Unreadable | Crashed | None) -> Analysed | Unreadable:
    if isinstance(answer, Unreadable):
        return answer
    if answer is None or isinstance(answer, Crashed):
        return Unreadable(file.path, answer.reason if answer is not None else "it was not checked")
    analysis = decode(answer.text)
    if analysis.unreadable is not None:
        return Unreadable(file.path, analysis.unreadable)
    return Analysed(file.path, answer.size, analysis)


def _cache_name(rulebook: Rulebook, scope: RuntimeSet, settings: Settings, facts: bool) -> str:
    """Changes with the rules, the runtimes asked for, guards that are declared, compatcheck's own code, the parsers."""
    declared = repr((settings.guard_decorators, settings.aggressive, settings.platform, facts))
    return cache_name(
        [compatcheck.__version__, rulebook.digest, hex(scope.bits), declared, load_secrets().digest, *_stamps()]
    )


def _stamps() -> list[str]:
    """Sizes and times of our own analysis code and of the parsers' binaries: cheaper than asking for versions."""
    import importlib.util

    stamps = []
    places = [Path(__file__).parent.parent / "analyze"]
    for name in _PARSERS:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            places.append(Path(spec.origin).parent)
    for place in places:
        for folder, _, names in os.walk(place):
            for name in sorted(names):
                if name.endswith((".py", ".so", ".pyd")):
                    stat = os.stat(os.path.join(folder, name))
                    stamps.append(f"{name}:{stat.st_size}:{stat.st_mtime_ns}")
    return stamps
