"""Packages that the project asks for and imports: the `deps` check."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from compatcheck.depends import imports, judging
from compatcheck.depends.environments import systems_of
from compatcheck.depends.imports import Import, Imports
from compatcheck.depends.judging import Needs
from compatcheck.depends.needing import readers
from compatcheck.depends.needing.script import read as read_script
from compatcheck.depends.supply import Supply
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Included, Needed, Place, Trouble
from compatcheck.model.packages import PackageFacts
from compatcheck.model.problems import Analysed, Outcome
from compatcheck.model.runtimes import Runtime
from compatcheck.model.source import Unreadable
from compatcheck.project import Project
from compatcheck.project.files import inside
from compatcheck.rulebook.packages import load_packages
from compatcheck.run import metadata
from compatcheck.run.folders import ProjectFolder, home_of, read_file
from compatcheck.run.installed import Installed, installed_in, wheels_in
from compatcheck.run.own import OwnModules
from compatcheck.run.saying import analyses
from compatcheck.run.shipping import shipped
from compatcheck.run.subject import Subject

facts = True
_MOST_FILES = 200
_TOP_LEVEL = (len("from ") + 1, len("import ") + 1)


@dataclass(frozen=True)
class Asking:
    """What one folder asks for, file by file."""

    folder: ProjectFolder
    texts: Mapping[str, Text]
    needed: tuple[Needed, ...]
    unreadable: tuple[Unreadable, ...] = ()


def asks(project: Project) -> bool:
    """Whether there is a file that may ask for packages, above what the run was given or in it."""
    return any(next(folder.matching(readers()), None) is not None for folder in home_of(project))


def check(subject: Subject) -> Outcome:
    """What every folder asks for, against the targets, and against what its code imports."""
    facts_of = load_packages()
    askings = [_asking(folder) for folder in home_of(subject.project)]
    found = [*askings, *_scripts(subject)]
    names = sorted({each.name for asking in found for each in asking.needed if hasattr(each, "name")})
    outside = subject.outside
    fetched = outside.index(names) if outside.index is not None else None
    wrong, rows, texts = list[Trouble](), list[Mapping[str, object]](), dict[str, Text]()
    for asking in found:
        beside = _installed(asking.folder)
        releases = chain(fetched.releases if fetched else (), wheels_in(outside.find_links), beside.releases)
        needs = _needs(subject, asking, Supply(releases, complete=fetched is not None), facts_of)
        wrong += judging.troubles(needs)
        wrong += imports.troubles(needs, _imports(subject, asking, facts_of, beside))
        rows += judging.rows(needs)
        texts |= asking.texts
    if outside.resolve is not None:
        wrong += outside.resolve(found, subject)
    covered = [each for each in wrong if subject.project.covers(each.place.path)]
    shown = {path: text for path, text in texts.items() if subject.project.covers(path)}
    return Outcome(
        analysed=tuple(analyses(covered, shown, "dependency", subject.rulebook, subject.targets)),
        unreadable=(*(one for each in found for one in each.unreadable), *(fetched.failed if fetched else ())),
        dependencies=tuple(rows),
    )


def _needs(subject: Subject, asking: Asking, supply: Supply, known: PackageFacts) -> Needs:
    versions = Versions(subject.rulebook.runtimes)
    supported = metadata.supported_by(subject.project, asking.folder, subject.rulebook) or subject.targets

    def brought(runtime: Runtime) -> frozenset[str]:
        return known.brought.get(runtime.platform or "", frozenset())

    systems = systems_of(subject.project.settings.platform)
    return Needs(asking.needed, versions, subject.targets, systems, supply, supported, brought)


def _asking(folder: ProjectFolder) -> Asking:
    texts: dict[str, Text] = {}
    needed: list[Needed] = []
    unreadable: list[Unreadable] = []
    waiting = [(pattern, path, False) for pattern, path in folder.matching(readers())]
    while waiting and len(texts) < _MOST_FILES:
        pattern, path, constraint = waiting.pop(0)
        if path in texts:
            continue
        source = read_file(folder.project, path)
        if isinstance(source, Unreadable):
            unreadable.append(source)
            continue
        try:
            text = Text(path, source.data)
            found = list(readers()[pattern](text))
        except ValueError as error:
            unreadable.append(Unreadable(path, metadata.why(error)))
            continue
        texts[path] = text
        for each in found:
            if not isinstance(each, Included):
                needed += [] if constraint and not isinstance(each, Trouble) else [each]
            elif (target := _included(folder.project, path, each.path)) is not None:
                waiting.append(("requirements.txt", target, each.constraint or constraint))
            else:
                names = (("text", each.path),)
                needed.append(Trouble("included-file-missing", each.place, names))
    return Asking(folder, texts, tuple(needed), tuple(unreadable))


def _included(project: Project, path: str, written: str) -> str | None:
    """The file that another includes, as reports name it; None for what lies elsewhere or nowhere."""
    if "://" in written or "${" in written:
        return None
    location = os.path.normpath(os.path.join(project.root, os.path.dirname(path), written))
    real = os.path.realpath(location)
    if not inside(real, project.root) or not os.path.isfile(real):
        return None
    return os.path.relpath(location, project.root).replace(os.sep, "/")


def _scripts(subject: Subject) -> Iterator[Asking]:
    """Scripts with requirements of their own."""
    for each in subject.code:
        if any(fact.kind == "script" for fact in each.analysis.facts):
            source = read_file(subject.project, each.path)
            if isinstance(source, Unreadable):
                continue
            try:
                text = Text(each.path, source.data)
                needed = tuple(read_script(text))
            except ValueError:
                continue  # the metadata check tells
            yield Asking(ProjectFolder(subject.project, ""), {each.path: text}, needed)


def _installed(folder: ProjectFolder) -> Installed:
    for name in (".venv", "venv"):
        location = os.path.join(folder.location, name)
        if folder.location and os.path.isfile(os.path.join(location, "pyvenv.cfg")):
            return installed_in(location)
    return Installed()


def _imports(subject: Subject, asking: Asking, known: PackageFacts, beside: Installed) -> Imports:
    if asking.folder.location:
        code: Iterable[Analysed] = shipped(subject.code, asking.folder)
    else:
        code = (each for each in subject.code if each.path in asking.texts)
    own = OwnModules(subject.project.root, asking.folder.location)
    found = [one for each in code for one in _foreign(each, known, own)]
    return Imports(found, known, beside.modules)


def _foreign(each: Analysed, known: PackageFacts, own: OwnModules) -> Iterator[Import]:
    """A file's imports of what is neither the standard library's nor the project's."""
    for fact in each.analysis.facts:
        if fact.kind != "import":
            continue
        top = fact.name.partition(".")[0]
        if top not in known.stdlib and not own.has(top, each.path):
            place = Place(each.path, 0, 0, fact.span, "")
            yield Import(fact.name, place, fact.reach, fact.guarded, fact.span.column not in _TOP_LEVEL)
