"""What a run asks beyond the project: the package index. Imported only where the command line says so."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from compatcheck.depends.supply import Release
from compatcheck.index import Client, configured
from compatcheck.index.client import Limits
from compatcheck.index.pages import IndexFile
from compatcheck.index.store import Store
from compatcheck.model.source import Unreadable
from compatcheck.run.subject import Fetched

NO_INDEX = "no package index is configured: give --index-url, or set PIP_INDEX_URL"
Progress = Callable[[int, int], None]


def cache_folder(environ: Mapping[str, str]) -> Path:
    """The user's, not the project's: what a project brings along is never taken for an index's answer."""
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "compatcheck" / "index"


def index_of(
    given: str | None, *, cache: bool = True, limits: Limits | None = None, progress: Progress | None = None
) -> Callable[[Sequence[str]], Fetched]:
    """A function that asks the configured index about packages."""
    chosen = configured(given, os.environ, Path.home())
    store = Store(cache_folder(os.environ) if cache else None)

    def ask(names: Sequence[str]) -> Fetched:
        if not chosen.urls:
            return Fetched([], (Unreadable("package index", NO_INDEX),))
        client = Client(chosen, store, limits or Limits())
        found, troubles = client.ask(names, progress)
        releases = [each for name, files in found.items() for each in releases_of(name, files)]
        return Fetched(releases, tuple(Unreadable(f"package {one.name}", one.reason) for one in troubles))

    return ask


def releases_of(name: str, files: Sequence[IndexFile]) -> Iterator[Release]:
    """The files of a page by version. A release is yanked when all of its files are."""
    by_version: defaultdict[str, list[IndexFile]] = defaultdict(list)
    for file in files:
        version = _version(name, file.name)
        if version is not None:
            by_version[version].append(file)
    for version, its in by_version.items():
        offered = tuple((one.name, one.requires_python) for one in its)
        yanked = all(one.yanked for one in its)
        asked = next((one.requires_python for one in its if one.requires_python), None)
        yield Release(name, version, offered, asked, "the package index", yanked)


def _version(name: str, file: str) -> str | None:
    """The version in a file's name; None for what is no release of the package."""
    try:
        if file.endswith(".whl"):
            project, version, _, _ = parse_wheel_filename(file)
        else:
            project, version = parse_sdist_filename(file)
    except (InvalidWheelFilename, InvalidSdistFilename, ValueError):
        return None
    return str(version) if canonicalize_name(project) == name else None
