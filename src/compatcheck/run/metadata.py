"""Python versions that the project states, against each other and the code: the `metadata` check."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from compatcheck.depends.coherence import Blocker, Folder, troubles
from compatcheck.depends.stating import readers
from compatcheck.depends.stating.script import read as read_script
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Declaration, Stated, Trouble
from compatcheck.model.problems import Analysed, Outcome
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.source import Unreadable
from compatcheck.project import Project
from compatcheck.run.folders import ProjectFolder, covered_folders, read_file
from compatcheck.run.saying import analyses
from compatcheck.run.shipping import shipped
from compatcheck.run.subject import Subject

facts = False


@dataclass(frozen=True)
class Stating:
    """What one folder states, file by file; `patterns` are the names by which the files were found."""

    folder: ProjectFolder
    texts: Mapping[str, Text]
    stated: tuple[Stated, ...]
    unreadable: tuple[Unreadable, ...] = ()
    patterns: Mapping[str, str] = field(default_factory=dict)


def asks(project: Project) -> bool:
    """Always: any script may carry a statement, and to look for the files costs nothing."""
    return True


def scope(project: Project, rulebook: Rulebook) -> RuntimeSet:
    """The versions that the code must be known for: those that the project says it supports or runs on."""
    wanted = NO_RUNTIMES
    for stating in statements(project, rulebook):
        declared = [each for each in stating.stated if isinstance(each, Declaration)]
        for each in declared:
            if each.role in ("supports", "runs"):
                wanted |= each.states
        if any(each.role == "names" for each in declared) and not any(each.role == "supports" for each in declared):
            wanted |= rulebook.runtimes.cpython3
    return wanted & rulebook.runtimes.cpython3


def check(subject: Subject) -> Outcome:
    """Every statement of the folders that the run covers, and what does not fit together."""
    found = judged(subject)
    texts = {path: text for stating, _ in found for path, text in stating.texts.items()}
    wrong = [trouble for _, told in found for trouble in told if subject.project.covers(trouble.place.path)]
    return Outcome(
        analysed=tuple(analyses(wrong, texts, "metadata", subject.rulebook, subject.targets)),
        unreadable=tuple(each for stating, _ in found for each in stating.unreadable),
        declarations=tuple(_row(each) for stating, _ in found for each in stating.stated if _counts(each)),
    )


def judged(subject: Subject) -> list[tuple[Stating, list[Trouble]]]:
    """Each folder with what is wrong in it."""
    versions = Versions(subject.rulebook.runtimes)
    found = []
    for stating in [*statements(subject.project, subject.rulebook), *_scripts(subject, versions)]:
        found.append((stating, list(troubles(view(subject, stating, versions)))))
    return found


def view(subject: Subject, stating: Stating, versions: Versions) -> Folder:
    """A folder's statements with what the code that it ships needs."""
    today = time.strftime("%Y-%m-%d", time.gmtime())
    code = shipped(subject.code, stating.folder) if stating.folder.location else _of(subject.code, stating.texts)
    blockers = tuple(_blockers(subject.project, code))
    return Folder(stating.stated, versions, today, blockers, subject.known)


def supported_by(project: Project, folder: ProjectFolder, rulebook: Rulebook) -> RuntimeSet:
    """The versions that a folder says it supports; empty where it says nothing."""
    stating = _stating(folder, Versions(rulebook.runtimes)) if folder.location else None
    stated = stating.stated if stating is not None else ()
    each = next((each for each in stated if isinstance(each, Declaration) and each.role == "supports"), None)
    return each.states if each is not None else NO_RUNTIMES


def statements(project: Project, rulebook: Rulebook) -> list[Stating]:
    """What every covered folder states. Files that are no TOML or YAML say nothing: other checks tell."""
    versions = Versions(rulebook.runtimes)
    return [_stating(folder, versions) for folder in covered_folders(project)]


def _files(folder: ProjectFolder) -> Iterator[tuple[str, str]]:
    return folder.matching(readers())


def _stating(folder: ProjectFolder, versions: Versions) -> Stating:
    texts: dict[str, Text] = {}
    patterns: dict[str, str] = {}
    stated: list[Stated] = []
    unreadable: list[Unreadable] = []
    for pattern, path in _files(folder):
        source = read_file(folder.project, path)
        if isinstance(source, Unreadable):
            unreadable.append(source)
            continue
        try:
            text = Text(path, source.data)
            stated += list(readers()[pattern](text, versions))
            texts[path], patterns[path] = text, pattern
        except ValueError as error:
            unreadable.append(Unreadable(path, why(error)))
    return Stating(folder, texts, tuple(stated), tuple(unreadable), patterns)


def why(error: ValueError) -> str:
    """Why a file's text could not be read, in words for the user."""
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else f"cannot be read: {error}"


def _scripts(subject: Subject, versions: Versions) -> Iterator[Stating]:
    """Scripts with requirements of their own are projects by themselves."""
    for each in subject.code:
        if any(fact.kind == "script" for fact in each.analysis.facts):
            source = read_file(subject.project, each.path)
            if isinstance(source, Unreadable):
                continue
            try:
                text = Text(each.path, source.data)
                yield Stating(ProjectFolder(subject.project, ""), {each.path: text}, tuple(read_script(text, versions)))
            except ValueError as error:
                yield Stating(ProjectFolder(subject.project, ""), {}, (), (Unreadable(each.path, why(error)),))


def _of(code: Sequence[Analysed], texts: Mapping[str, Text]) -> list[Analysed]:
    return [each for each in code if each.path in texts]


def _blockers(project: Project, code: Iterable[Analysed]) -> Iterator[Blocker]:
    """The certain errors of the code that nobody silenced."""
    for each in code:
        ignored = set(project.settings_at(each.path).ignore) if each.analysis.problems else set()
        silent = [comment for comment in each.analysis.comments if comment.action in ("ignore", "ignore-file", "novm")]
        for problem in each.analysis.problems:
            if problem.severity != "error" or problem.confidence != "certain" or {problem.rule, problem.kind} & ignored:
                continue
            line = problem.span.line if problem.span else 1
            if not any(
                comment.lines[0] <= line <= comment.lines[1]
                and (not comment.names or {problem.rule, problem.kind} & set(comment.names))
                for comment in silent
            ):
                loading = problem.kind == "syntax" or (problem.excerpt or "")[:1].strip() != ""
                yield Blocker(problem.fails, f"{each.path}:{line}", problem.message, loading)


def _counts(each: Stated) -> bool:
    return isinstance(each, Declaration) and each.role != "names"


def _row(each: Stated) -> Mapping[str, object]:
    assert isinstance(each, Declaration)
    line = each.place.span.line if each.place.span else None
    return {"source": each.source, "path": each.place.path, "line": line, "states": each.text}
