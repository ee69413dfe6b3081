"""A project's own folders and the files in them that declare something, found by name."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from compatcheck.model.source import Source, Unreadable
from compatcheck.project import Project
from compatcheck.project.files import NotRegular, TooLarge, folders_up, inside, read_bytes, shown
from compatcheck.project.finder import matches
from compatcheck.project.requires import DECLARING
from compatcheck.project.walk import reason_of

LIMIT = 32 << 20  # bytes: lock files can be large
# Below these lie other people's projects: material of tests, examples, copies.
_FOREIGN = frozenset(
    [
        "tests",
        "test",
        "testing",
        "testdata",
        "test_data",
        "test-data",
        "fixtures",
        "fixture",
        "docs",
        "doc",
        "examples",
        "example",
        "samples",
        "demo",
        "demos",
        "benchmarks",
        "templates",
        "template",
        "vendor",
        "vendored",
        "_vendor",
        "third_party",
        "extern",
    ]
)


@dataclass(frozen=True)
class ProjectFolder:
    """A folder with declarations; `location` is absolute."""

    project: Project
    location: str

    @cached_property
    def path(self) -> str:
        """As reports name it, with a slash at its end; empty for the root."""
        name = shown(self.location, self.project.root)
        return "" if name == "." else f"{name}/"

    @cached_property
    def _names(self) -> list[str]:
        return _listed(self.location)

    def matching(self, patterns: Iterable[str]) -> Iterator[tuple[str, str]]:
        """(pattern, path as reports name it) of the files there, in the order of the patterns, each once."""
        seen = set[str]()
        for pattern in patterns:
            folder, _, name = pattern.rpartition("/")
            names = self._names if not folder else _listed(os.path.join(self.location, folder))
            for found in names:
                relative = f"{folder}/{found}" if folder else found
                if fnmatchcase(found, name) and relative not in seen and self._ours(relative):
                    seen.add(relative)
                    yield pattern, self.path + relative

    def _ours(self, relative: str) -> bool:
        """A file of the project itself: no link out of it, nothing that the settings exclude."""
        location = os.path.join(self.location, relative)
        real, root = os.path.realpath(location), self.project.root
        return (
            inside(real, root)
            and os.path.isfile(real)
            and not matches(self.project.scope_for(self.location).exclude, location, root)
        )


def _listed(location: str) -> list[str]:
    try:
        return sorted(os.listdir(location))
    except OSError:
        return []


def covered_folders(project: Project) -> list[ProjectFolder]:
    """The project folders among and below the folders that the run was given, and those of the files that it was given."""
    found: dict[str, None] = {}
    for path in project.paths:
        location = os.path.realpath(path)
        if os.path.isdir(location):
            found[location] = None
            found |= dict.fromkeys(sorted(each for each in project.finder.declaring if _own(each, location)))
        else:
            found |= dict.fromkeys(_nearest(project, os.path.dirname(location)))
    return [ProjectFolder(project, each) for each in found]


def home_of(project: Project) -> list[ProjectFolder]:
    """The folders whose declarations hold for what the run was given, itself covered or not."""
    found = {each.location: None for each in covered_folders(project)}
    for path in project.paths:
        location = os.path.realpath(path)
        found |= dict.fromkeys(_nearest(project, location if os.path.isdir(location) else os.path.dirname(location)))
    return [ProjectFolder(project, each) for each in found]


def _own(folder: str, above: str) -> bool:
    if not inside(folder, above) or folder == above:
        return False
    return _FOREIGN.isdisjoint(os.path.relpath(folder, above).split(os.sep))


def _nearest(project: Project, folder: str) -> list[str]:
    """The nearest folder with declarations, from here up to the root."""
    for each in folders_up(folder, project.root):
        if any(os.path.isfile(os.path.join(each, name)) for name in DECLARING):
            return [each]
    return []


def read_file(project: Project, path: str) -> Source | Unreadable:
    """The bytes of a file that a report would name so."""
    try:
        return Source(path, read_bytes(os.path.join(project.root, path), LIMIT))
    except TooLarge:
        return Unreadable(path, f"larger than {LIMIT >> 20} MB")
    except NotRegular:
        return Unreadable(path, "not a regular file")
    except (OSError, ValueError) as error:
        return Unreadable(path, reason_of(error) if isinstance(error, OSError) else str(error))
