"""Which files a run checks: our own walk, by names of entries, without a stat or a Path for each."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from compatcheck.model.settings import Settings
from compatcheck.model.source import SourceKind, Unreadable
from compatcheck.project.files import Places, inside, shown
from compatcheck.project.finder import SETTINGS_FILES, Finder, Scope, matches
from compatcheck.project.ignores import IGNORE_FILES, Ignores, ignored, ignores_above
from compatcheck.project.patterns import Patterns
from compatcheck.project.shebang import is_python_script

_ENVIRONMENT = frozenset({"pyvenv.cfg", "conda-meta"})
_LOOKED_FOR = SETTINGS_FILES | IGNORE_FILES | _ENVIRONMENT


# Endings of files that are no code, and that other checks than the code's look at.
_DATA = (".yaml", ".yml", ".json", ".toml", ".html", ".example")


@dataclass(frozen=True, slots=True)
class File:
    """A file to check. `path` is for reports, `location` for opening; `settings` hold for this file.

    `data` is given where the bytes did not come from the disk.
    """

    path: str
    location: str
    kind: SourceKind
    settings: Settings
    data: bytes | None = None


@dataclass(slots=True)
class _Folder:
    """A folder to walk into."""

    location: str
    scope: Scope
    ignores: Ignores
    start: bool = False


@dataclass(slots=True)
class _Listing:
    """The names in a folder that matter."""

    folders: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    special: list[str] = field(default_factory=list)


def _is_data(name: str) -> bool:
    """Whether a file given by name is no code, but for what the settings include."""
    return name.lower().endswith(_DATA) or os.path.basename(name).startswith(".env")


def kind_of(name: str) -> SourceKind:
    if name.endswith(".pyi"):
        return "stub"
    return "notebook" if name.endswith(".ipynb") else "module"


class Walk:
    """One walk over the paths that a run was given."""

    def __init__(self, finder: Finder, places: Places, boundary: str, environ: Mapping[str, str]) -> None:
        self._finder = finder
        self._places = places
        self._boundary = boundary  # links are followed to files inside it only
        self._environ = environ
        self._seen: set[str] = set()
        self._links: list[tuple[str, Settings]] = []

    def __call__(self, paths: Iterable[str]) -> Iterator[File | Unreadable]:
        """The files of absolute paths: files as named, folders walked, links that nothing else led to last."""
        for path in paths:
            yield from self._path(path)
        links, self._links = self._links, []
        for location, settings in links:
            yield from self._link(location, settings)

    def _path(self, path: str) -> Iterator[File | Unreadable]:
        location = self._places.located(path)
        try:
            mode = os.lstat(location).st_mode
            real = os.path.realpath(location) if stat.S_ISLNK(mode) else location
            mode = os.stat(real).st_mode if real is not location else mode
        except (OSError, ValueError) as error:
            yield self._unreadable(location, error)
            return
        if stat.S_ISDIR(mode):
            yield from self._start(real)
        elif not stat.S_ISREG(mode):
            yield Unreadable(self._shown(location), "not a regular file")
        else:
            scope = self._finder.of(os.path.dirname(location))
            if _is_data(location) and not matches(scope.include, location, self._finder.root):
                return
            if not self._forced_out(scope, location):
                yield from self._file(location, real, scope.for_file(location))

    def _forced_out(self, scope: Scope, location: str) -> bool:
        return scope.settings.force_exclude and matches(scope.exclude, location, self._finder.root)

    def _start(self, folder: str) -> Iterator[File | Unreadable]:
        scope = self._finder.of(folder)
        if self._forced_out(self._finder.of(os.path.dirname(folder)), folder):
            return
        respected = scope.settings.respect_gitignore
        above = ignores_above(folder, self._finder.root, self._environ) if respected else Ignores()
        pending = [_Folder(folder, scope, above, start=True)]
        while pending:
            yield from self._folder(pending.pop(), pending)

    def _folder(self, folder: _Folder, pending: list[_Folder]) -> Iterator[File | Unreadable]:
        """The files of one folder, in order of their names; its folders go onto `pending`."""
        listing = _Listing()
        try:
            _list(folder.location, folder.scope, listing)
        except OSError as error:
            yield self._unreadable(folder.location, error)
        if listing.special and not self._prepared(folder, listing):
            return
        scope, prefix = folder.scope, os.path.join(folder.location, "")
        chain = folder.ignores.chain
        yield from self._files(_wanted(listing, scope, chain, prefix), scope, prefix)
        for name in _kept(_included(listing.links, scope, prefix), scope, chain, prefix):
            self._links.append((prefix + name, scope.for_file(prefix + name)))
        for name in sorted(listing.folders, reverse=True):
            location = prefix + name
            if not scope.exclude.match(name, location, True) and not ignored(chain, name, location, True):
                pending.append(_Folder(location, scope, folder.ignores))

    def _prepared(self, folder: _Folder, listing: _Listing) -> bool:
        """Takes in the folder's own settings and ignore files; False for a virtual environment."""
        special = listing.special
        if not folder.start and not _ENVIRONMENT.isdisjoint(special):
            return False
        if settings := SETTINGS_FILES.intersection(special):
            above = folder.scope
            folder.scope = self._finder.enter(folder.location, above, settings)
            if (folder.scope.suffixes, folder.scope.scripts) != (above.suffixes, above.scripts):
                again = _Listing()
                with suppress(OSError):
                    _list(folder.location, folder.scope, again)
                listing.files, listing.scripts, listing.links = again.files, again.scripts, again.links
        if folder.scope.settings.respect_gitignore and not IGNORE_FILES.isdisjoint(special):
            folder.ignores = folder.ignores.inside(folder.location, special, self._environ, start=folder.start)
        return True

    def _files(self, names: list[str], scope: Scope, prefix: str) -> Iterator[File]:
        """What `_file` gives, for many regular files of one folder."""
        start = "" if prefix == os.path.join(self._finder.root, "") else self._shown(prefix[:-1]) + "/"
        for name in names:
            location = prefix + name
            if location not in self._seen:
                self._seen.add(location)
                path = start + name if name.isascii() else self._shown(location)
                yield File(path, location, kind_of(name), scope.for_file(location))

    def _file(self, location: str, real: str, settings: Settings) -> Iterator[File]:
        if real not in self._seen:
            self._seen.add(real)
            yield File(self._shown(location), location, kind_of(location), settings)

    def _link(self, location: str, settings: Settings) -> Iterator[File | Unreadable]:
        """A link to a file: that file, unless the walk met it already. What lies elsewhere is not ours to show."""
        real = os.path.realpath(location)
        try:
            mode = os.stat(location).st_mode
        except OSError:
            # Editors leave locks that lead nowhere (`.#name.py`).
            if not os.path.basename(location).startswith(".#"):
                yield Unreadable(self._shown(location), "a link that leads nowhere")
            return
        if not stat.S_ISREG(mode):
            return
        if inside(real, self._boundary):
            yield from self._file(location, real, settings)
        elif real not in self._seen:
            yield Unreadable(self._shown(location), "a link out of the project: name it to check it, or exclude it")

    def _shown(self, location: str) -> str:
        return shown(location, self._finder.root)

    def _unreadable(self, location: str, error: OSError | ValueError) -> Unreadable:
        return Unreadable(self._shown(location), reason_of(error))


def reason_of(error: OSError | ValueError) -> str:
    """Why something could not be read, in words."""
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _list(location: str, scope: Scope, listing: _Listing) -> None:
    """Sorts the entries of a folder by what they are. Raises OSError, with what was listed until then kept."""
    suffixes, scripts = scope.suffixes, scope.scripts
    folders, files, special = listing.folders, listing.files, listing.special
    with os.scandir(location) as entries:
        for entry in entries:
            name = entry.name
            if name in _LOOKED_FOR:
                special.append(name)
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            elif suffixes is None or name.endswith(suffixes):
                if entry.is_file(follow_symlinks=False):
                    files.append(name)
                elif entry.is_symlink():
                    listing.links.append(name)
            elif scripts and "." not in name and entry.is_file(follow_symlinks=False):
                listing.scripts.append(name)


def _wanted(listing: _Listing, scope: Scope, chain: tuple[Patterns, ...], prefix: str) -> list[str]:
    """The names of the files to check, sorted."""
    included = _included(listing.files, scope, prefix)
    scripts = listing.scripts
    if scope.suffixes is None and scope.scripts:
        scripts = [name for name in set(listing.files).difference(included) if "." not in name]
    kept = _kept(included, scope, chain, prefix)
    if scripts:
        kept += [name for name in _kept(scripts, scope, chain, prefix) if _is_script(prefix + name)]
        kept.sort()
    return kept


def _included(names: list[str], scope: Scope, prefix: str) -> list[str]:
    if scope.suffixes is not None:
        return names
    return [name for name in names if scope.include.match(name, prefix + name, False)]


def _kept(names: list[str], scope: Scope, chain: tuple[Patterns, ...], prefix: str) -> list[str]:
    """The names that nothing excludes, sorted."""
    if chain or scope.exclude.for_files:
        excluded = scope.exclude.match
        names = [
            name
            for name in names
            if not excluded(name, prefix + name, False) and not ignored(chain, name, prefix + name, False)
        ]
    return sorted(names)


def _is_script(location: str) -> bool:
    """A file that cannot be opened is no script that anyone could tell."""
    try:
        return is_python_script(location)
    except OSError:
        return False
