"""The settings in force in each folder: the nearest file's, with what the command line and environment say on top."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from compatcheck.model.settings import Settings
from compatcheck.project.anvil import APP_FILE, AnvilApp, Side, anvil_app
from compatcheck.project.errors import SettingsError
from compatcheck.project.files import folders_up, inside, read_if_there, shown
from compatcheck.project.layers import CONFIGS, Layer, Reader, merged
from compatcheck.project.patterns import Patterns, patterns_of
from compatcheck.project.requires import DECLARING, Declared, declared_in

SETTINGS_FILES = frozenset({*CONFIGS, *DECLARING, APP_FILE})
_DECLARING = frozenset(DECLARING)
_SCRIPTS = ("*.py", "*.pyw")


@dataclass(eq=False)
class Scope:
    """The settings of folders and what walking and files need of them. In an app, `settings` has the targets of both
    its sides, and `given` those that somebody chose.
    """

    root: str
    settings: Settings
    origins: Mapping[str, str]
    layers: tuple[Layer, ...] = ()
    declared: Declared | None = None
    app: AnvilApp | None = None
    given: tuple[str, ...] = ()
    _by_file: dict[tuple[Side, tuple[int, ...]], Settings] = field(default_factory=dict)

    @cached_property
    def exclude(self) -> Patterns:
        return patterns_of((*self.settings.exclude, *self.settings.extend_exclude), self.root)

    @cached_property
    def include(self) -> Patterns:
        return patterns_of(self._include, self.root)

    @cached_property
    def suffixes(self) -> tuple[str, ...] | None:
        """The endings of included names, when endings say it all."""
        if all(pattern.startswith("*.") and pattern[2:].isalnum() for pattern in self._include):
            return tuple(pattern[1:] for pattern in self._include)
        return None

    @cached_property
    def scripts(self) -> bool:
        """Whether files without extension are looked into."""
        return self.settings.include == _SCRIPTS

    @property
    def _include(self) -> tuple[str, ...]:
        also = ("*.pyi",) * self.settings.stubs + ("*.ipynb",) * self.settings.notebooks
        return (*self.settings.include, *also, *self.settings.extend_include)

    @cached_property
    def _per_file(self) -> list[tuple[Patterns, str, tuple[str, Any]]]:
        """Patterns in order, each with the key that it stands under, and its entry there."""
        keys = ("per_file_ignores", "per_file_targets", "per_file_severity")
        return [
            (patterns_of([entry[0]], self.root), key, entry) for key in keys for entry in getattr(self.settings, key)
        ]

    def for_file(self, location: str) -> Settings:
        """The settings of one file: per-file targets and ignores worked in; equal ones are the same object."""
        if not self._per_file and self.app is None:
            return self.settings
        side: Side = self.app.side(location) if self.app is not None else "both"
        hits = tuple(number for number, entry in enumerate(self._per_file) if matches(entry[0], location, self.root))
        if (side, hits) not in self._by_file:
            self._by_file[side, hits] = self._with(hits, side)
        return self._by_file[side, hits]

    def gave(self, settings: Settings) -> bool:
        """Whether these very settings came from here."""
        return settings is self.settings or any(settings is each for each in self._by_file.values())

    def _with(self, hits: tuple[int, ...], side: Side) -> Settings:
        ignore, targets = self.settings.ignore, self.settings.targets
        if self.app is not None:
            targets = self.app.targets(side, self.given)
        severities = []
        for number in hits:
            _, key, entry = self._per_file[number]
            if key == "per_file_ignores":
                ignore += tuple(name for name in entry[1] if name not in ignore)
            elif key == "per_file_targets":
                targets = entry[1]
            else:
                severities.append(entry)
        return replace(self.settings, ignore=ignore, targets=targets, per_file_severity=tuple(severities))


def matches(patterns: Patterns, location: str, root: str) -> bool:
    """Whether patterns name a file itself or a folder above it (below the root)."""
    folder = False
    while location != root and inside(location, root):
        found = patterns.match(os.path.basename(location), location, folder)
        if found is not None:
            return found
        location, folder = os.path.dirname(location), True
    return False


class Finder:
    """Finds scopes; folders without a settings file of their own share that of the folder above."""

    def __init__(
        self, reader: Reader, over: tuple[Layer, ...], config: tuple[Layer, ...] | None, isolated: bool
    ) -> None:
        self._reader = reader
        self._over = over
        self._config = config
        self._isolated = isolated
        self._search = config is None and not isolated
        self._scopes: dict[str, Scope] = {}
        self.declaring: set[str] = set()  # folders met so far whose files may declare what a project needs
        self._base = self._scope(config or (), None)

    def including(self, patterns: tuple[str, ...]) -> Finder:
        """The same settings, but for which files are included."""
        return Finder(
            self._reader,
            (*self._over, Layer({"include": patterns}, {"include": "the check"})),
            self._config,
            self._isolated,
        )

    @property
    def root(self) -> str:
        return self._reader.root

    @property
    def scopes(self) -> list[Scope]:
        return [self._base, *self._scopes.values()]

    @property
    def errors(self) -> list[SettingsError]:
        return self._reader.errors

    def of(self, folder: str) -> Scope:
        """The scope of a folder, whatever lies above it up to the root being looked at once."""
        if folder in self._scopes:
            return self._scopes[folder]
        scope = self._base
        place = folder if inside(folder, self.root) else self.root
        for above in reversed(list(folders_up(place, self.root))):
            scope = self._scopes.get(above) or self.enter(above, scope, _settings_files(above))
        self._scopes[folder] = scope
        return scope

    def enter(self, folder: str, above: Scope, names: Collection[str]) -> Scope:
        """The scope of a folder whose parent's is known, and that holds settings files of these names."""
        if folder in self._scopes:
            return self._scopes[folder]
        if not _DECLARING.isdisjoint(names):
            self.declaring.add(folder)
        scope = self._entered(folder, above, names) if names and not self._isolated else above
        self._scopes[folder] = scope
        return scope

    def _entered(self, folder: str, above: Scope, names: Collection[str]) -> Scope:
        layers = self._reader.folder(folder, self._worth_reading(folder, names)) if self._search else ()
        prefix = "" if folder == self.root else shown(folder, self.root) + "/"
        declared = declared_in(folder, names, prefix)
        app = anvil_app(folder) if APP_FILE in names else None
        if not layers and declared is None and app is None:
            return above
        return self._scope(layers or above.layers, declared or above.declared, app or above.app)

    def _worth_reading(self, folder: str, names: Collection[str]) -> Collection[str]:
        """A broken pyproject.toml matters at the root, or where it speaks of us; below lie other people's test data."""
        if "pyproject.toml" not in names or "compatcheck.toml" in names:
            return names
        location = os.path.join(folder, "pyproject.toml")
        if folder == self.root or _mentions_us(location):
            return names
        return [name for name in names if name != "pyproject.toml"]

    def _scope(self, layers: tuple[Layer, ...], declared: Declared | None, app: AnvilApp | None = None) -> Scope:
        settings, origins = merged(layers, self._over, declared)
        given = settings.targets
        if app is not None:
            settings = replace(settings, targets=app.targets("both", given))
        return Scope(self.root, settings, origins, layers, declared, app, given)


def _settings_files(folder: str) -> list[str]:
    return [name for name in SETTINGS_FILES if os.path.lexists(os.path.join(folder, name))]


def _mentions_us(location: str) -> bool:
    data = read_if_there(location, 4 << 20)
    return data is not None and b"compatcheck" in data
