"""Configuration files of a project: which there are, their bytes to the checks, what these say to the report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from compatcheck.model.problems import Analysed, Analysis, CodeFact, Outcome
from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, Project, read
from compatcheck.project.companions import files_below
from compatcheck.project.files import folders_up, inside, shown
from compatcheck.rulebook import rules_folder
from compatcheck.run.subject import ProjectCheck, Subject

if TYPE_CHECKING:
    from compatcheck.configs.checking import Checked
    from compatcheck.configs.found import Found

NAMES = ("anvil.yaml", "anvil.yml", "anvil.yaml.example", "anvil.yml.example")
DIALECTS = ("anvil", "deployment")
_APP = "anvil.yaml"
_FORM_SCHEMA = "form-template"

facts = True


def asks(project: Project) -> bool:
    """Whether a configuration lies in the folders that the run was given, just below them, or above."""
    return next(iter(_near(project)), None) is not None


def check(subject: Subject) -> Outcome:
    """What `check` says of the configurations near what it was given."""
    return check_files(subject, _near(subject.project), {name: shipped_schema(name) for name in DIALECTS})


def named_check(project: Project, schema: str | None) -> ProjectCheck:
    """The check of the configurations among and below what the run was given; `schema` decides what they are."""
    names = DIALECTS if schema is None else (schema,)
    schemas = {name: shipped_schema(name) for name in names}
    return ProjectCheck("config", False, lambda subject: check_files(subject, _asked(project), schemas, alone=True))


def _asked(project: Project) -> list[str]:
    """Named files whatever they are called, but for parts of an app, which stand for it; others by their names."""
    found = _near(project)
    for path in project.paths:
        location = project.places.located(path)
        if not os.path.isdir(location) and not _in_app(location, project.root):
            found.append(location)
    walked = (each.location for each in project.find(*NAMES) if isinstance(each, File))
    return [*found, *(location for location in walked if os.path.basename(location) in NAMES)]


def _in_app(location: str, root: str) -> bool:
    """Whether a file is a form or a module of an app."""
    from compatcheck.configs.app import is_part

    folders = folders_up(os.path.dirname(location), root)
    apps = [folder for folder in folders if os.path.isfile(os.path.join(folder, _APP))]
    return any(is_part(os.path.relpath(location, folder).replace(os.sep, "/")) for folder in apps)


def check_files(
    subject: Subject, locations: Iterable[str], schemas: Mapping[str, Any], *, alone: bool = False
) -> Outcome:
    """What is wrong with these configurations, and with the apps that they belong to; `alone` when the run looks at
    nothing else.
    """
    run = _Run(subject, schemas, alone)
    for location in sorted(set(locations)):
        run.check(location)
    return run.outcome()


@cache
def shipped_schema(name: str) -> Any:
    """One of rules/schemas by its short name. Raises FileNotFoundError."""
    return json.loads((rules_folder() / "schemas" / f"{name}.schema.json").read_text("utf-8"))


def _near(project: Project) -> list[str]:
    """Configurations by location: named ones, those of the folders given, above them, and just below them."""
    folders: dict[str, None] = {}
    found: dict[str, None] = {}
    for path in project.paths:
        location = project.places.located(path)
        is_folder = os.path.isdir(location)
        if not is_folder and os.path.basename(location) in NAMES:
            found[location] = None
        start = location if is_folder else os.path.dirname(location)
        folders |= dict.fromkeys(folders_up(start, project.root) if inside(start, project.root) else [start])
        folders |= dict.fromkeys(_below(start) if is_folder else ())
    each = (os.path.join(folder, name) for folder in folders for name in NAMES)
    return [*found, *(location for location in each if location not in found and os.path.isfile(location))]


def _below(folder: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            yield from sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return


@dataclass
class _Run:
    """One run over configurations: what was found, by path as reports name it."""

    subject: Subject
    schemas: Mapping[str, Any]
    alone: bool
    _found: dict[str, list[Found]] = field(default_factory=dict)
    _data: dict[str, bytes] = field(default_factory=dict)
    _unreadable: list[Unreadable] = field(default_factory=list)

    def check(self, location: str) -> None:
        from compatcheck.configs.checking import check_file
        from compatcheck.configs.limits import BYTES
        from compatcheck.configs.reading import read_document, too_large

        project = self.subject.project
        path = shown(location, project.root)
        if not inside(os.path.realpath(location), project.root) and location not in project.paths:
            self._unreadable.append(Unreadable(path, "a link out of the project: name it to check it"))
            return
        source = read(File(path, location, "module", project.settings), BYTES)
        if isinstance(source, Unreadable) and "larger than" not in source.reason:
            self._unreadable.append(source)
            return
        if isinstance(source, Unreadable):
            self._add(path, b"", too_large().found)
            return
        checked = check_file(read_document(location, source.data), self.schemas)
        self._add(path, source.data, checked.found)
        if os.path.basename(location) == _APP and checked.dialect == "anvil" and len(self.schemas) > 1:
            self._check_app(os.path.dirname(location), checked)

    def _add(self, path: str, data: bytes, found: Iterable[Found]) -> None:
        self._data.setdefault(path, data)
        self._found.setdefault(path, []).extend(found)

    def _check_app(self, folder: str, checked: Checked) -> None:
        from compatcheck.configs.app import App, check_app, check_client_version, is_part
        from compatcheck.configs.text import decoded

        assert checked.document is not None
        project, sources = self.subject.project, {}
        for part, location in files_below(folder, is_part):
            source = read(File(shown(location, project.root), location, "module", project.settings))
            if isinstance(source, Source) and isinstance(decoded(source.data), str):
                sources[part] = source
        texts = {part: str(decoded(source.data)) for part, source in sources.items()}
        code = {part: source for part, source in sources.items() if part.endswith(".py")}
        modules = self.schemas["anvil"]["$defs"]["service"]["properties"]["source"].get("x-modules", {})
        app = App(checked.document, texts, _facts(self.subject, code), modules)
        top = shown(folder, project.root)
        for part, source in sources.items():
            if part.endswith((".yaml", ".html")):
                self._add(source.path, source.data, ())
        if self.alone:
            self._add(shown(os.path.join(folder, _APP), project.root), b"", check_client_version(app))
        for part, found in check_app(app, shipped_schema(_FORM_SCHEMA)):
            path = part if top == "." else f"{top}/{part}"
            self._add(path, sources[part].data if part in sources else b"", [found])

    def outcome(self) -> Outcome:
        from compatcheck.configs.comments import comments_in
        from compatcheck.configs.found import Rules

        rules = Rules(self.subject.rulebook.texts, self.subject.targets)
        analysed = []
        for path, found in self._found.items():
            if self.subject.project.covers(path):
                text = "" if path.endswith(".py") else self._data[path].decode("utf-8", "replace")
                analysis = Analysis(rules.problems(found), tuple(comments_in(text)))
                analysed.append(Analysed(path, len(self._data[path]), analysis))
        return Outcome(tuple(analysed), tuple(self._unreadable))


def _facts(subject: Subject, code: Mapping[str, Source]) -> dict[str, Sequence[CodeFact]]:
    """What the app's modules say: from the run, and for modules that it was not asked about from a look of our own."""
    from compatcheck.analyze import Analyzer

    known = {each.path: each.analysis.facts for each in subject.code}
    analyzer = Analyzer(subject.rulebook, subject.targets, facts=True)
    return {
        part: known[source.path] if source.path in known else analyzer(source).facts for part, source in code.items()
    }
