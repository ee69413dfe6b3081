"""Files against a schema of the caller's: which files, which schema, and where what it refers to comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from compatcheck.configs.checking import check_against
from compatcheck.configs.comments import comments_in
from compatcheck.configs.found import Rules
from compatcheck.configs.limits import BYTES
from compatcheck.configs.reading import ENDINGS, Parsed, read_document, too_large
from compatcheck.configs.schema import BadSchema, Retrieve, check_schema
from compatcheck.model.problems import Analysed, Analysis, Outcome
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, Project, read
from compatcheck.project.companions import files_below
from compatcheck.project.files import inside, shown
from compatcheck.rulebook import rules_folder
from compatcheck.run.subject import ProjectCheck, Subject

__all__ = ["BadSchema", "validation"]


def validation(project: Project, schema: str, files: Sequence[str], *, download: bool) -> ProjectCheck:
    """The check of these files, and of those below the folders that the run was given. Raises BadSchema."""
    value, retrieve = _Schemas(project, download=download).load(schema)
    given = [project.places.located(os.path.join(project.cwd, file)) for file in files]
    return ProjectCheck("config", False, partial(_check, [*given, *_below(project)], value, retrieve))


def _below(project: Project) -> Iterator[str]:
    for path in project.paths:
        folder = project.places.located(path)
        if os.path.isdir(folder):
            yield from (location for _, location in files_below(folder, lambda name: name.lower().endswith(ENDINGS)))


def _check(locations: Sequence[str], schema: Any, retrieve: Retrieve, subject: Subject) -> Outcome:
    project, analysed, unreadable = subject.project, [], []
    rules = Rules(subject.rulebook.texts, subject.targets)
    for location in dict.fromkeys(locations):
        path = shown(location, project.root)
        parsed = _parsed(project, path, location)
        if isinstance(parsed, Unreadable):
            unreadable.append(parsed)
            continue
        size, document = parsed
        text = document.document.text.text if document.document is not None else ""
        problems = rules.problems(check_against(document, schema, retrieve).found)
        analysed.append(Analysed(path, size, Analysis(problems, tuple(comments_in(text)))))
    return Outcome(tuple(analysed), tuple(unreadable))


def _parsed(project: Project, path: str, location: str) -> tuple[int, Parsed] | Unreadable:
    source = read(File(path, location, "module", project.settings), BYTES)
    if isinstance(source, Source):
        return len(source.data), read_document(location, source.data)
    return (BYTES, too_large()) if "larger than" in source.reason else source


class _Schemas:
    """Schemas by name, file or address, and what they refer to."""

    def __init__(self, project: Project, *, download: bool) -> None:
        self._project = project
        self._download = download

    def load(self, name: str) -> tuple[Any, Retrieve]:
        """A schema, and the function that brings what it refers to. Raises BadSchema."""
        location = os.path.realpath(os.path.join(self._project.cwd, name))
        if not os.path.isfile(location):
            location = str(rules_folder() / "schemas" / f"{name}.schema.json")
            if os.sep in name or not os.path.isfile(location):
                raise BadSchema(f"there is no such file, and no shipped schema of that name; shipped are {_shipped()}")
        value = _read(location)
        check_schema(value)
        folder = os.path.dirname(location)
        base = str(value.get("$id", "")) if isinstance(value, dict) else ""
        return value, partial(self._retrieve, folder, base)

    def _retrieve(self, folder: str, base: str, address: str) -> Any:
        """A file beside the schema, or something from the network where that is allowed."""
        relative = address.removeprefix(urljoin(base, ".")) if base else address
        parts = urlsplit(relative)
        if not parts.scheme and not parts.netloc:
            location = os.path.realpath(os.path.join(folder, parts.path))
            if not (inside(location, folder) or inside(location, self._project.root)):
                raise BadSchema(f"it refers to {address!r}, which lies outside of its folder and of the project")
            if os.path.isfile(location):
                return _checked(_read(location), address)
            if not base or not urlsplit(address).scheme:
                raise BadSchema(f"it refers to {address!r}: there is no such file")
        if not self._download:
            raise BadSchema(f"it refers to {address!r}: --allow-download fetches it")
        from compatcheck.run.download import fetched

        return _checked(_value(address, fetched(address)), address)


def _read(location: str) -> Any:
    source = read(File(os.path.basename(location), location, "module", Settings()), BYTES)
    if isinstance(source, Unreadable):
        raise BadSchema(source.reason)
    return _value(location, source.data)


def _value(name: str, data: bytes) -> Any:
    parsed = read_document(name, data)
    if parsed.document is None or parsed.found:
        first = parsed.found[0]
        place = f"line {first.span.line}: " if first.span else ""
        raise BadSchema(f"{place}{first.words.get('problem') or first.rule}")
    return parsed.document.value


def _checked(value: Any, address: str) -> Any:
    try:
        check_schema(value)
    except BadSchema as error:
        raise BadSchema(f"{address}: {error}") from error
    return value


def _shipped() -> str:
    names = sorted(path.name.removesuffix(".schema.json") for path in (rules_folder() / "schemas").glob("*.json"))
    return ", ".join(names)
