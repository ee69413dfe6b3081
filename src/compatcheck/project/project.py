"""A run's view of a project: settings for every file, and the files."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, Unreadable
from compatcheck.project.errors import BadSettings, SettingsError
from compatcheck.project.files import Places, inside, shown
from compatcheck.project.finder import Finder, Scope, matches
from compatcheck.project.layers import Reader
from compatcheck.project.root import anchor_of, root_of
from compatcheck.project.walk import File, Walk, kind_of

NO_TARGET = (
    "no target: give --target, or set target in [tool.compatcheck], or declare requires-python in pyproject.toml"
)


@dataclass(frozen=True)
class Project:
    """`settings` are those of the run: of the deepest folder that holds all `paths` (absolute)."""

    root: str
    cwd: str
    paths: tuple[str, ...]
    scope: Scope
    finder: Finder
    places: Places
    environ: Mapping[str, str]

    @property
    def settings(self) -> Settings:
        return self.scope.settings

    def settings_for(self, path: str) -> Settings:
        """The settings of one file, given as on the command line. Raises BadSettings."""
        location = self._located(path)
        settings = self.scope_for(path).for_file(location)
        self.check()
        return settings

    def settings_at(self, path: str) -> Settings:
        """The settings of one file, given as reports name it. Raises BadSettings."""
        return self.settings_for(os.path.join(self.root, path))

    @property
    def shown_paths(self) -> tuple[str, ...]:
        """What the run was given, as reports name it."""
        return tuple(shown(self._located(path), self.root) for path in self.paths)

    def scope_for(self, path: str) -> Scope:
        """The scope of the folder that a file lies in, or of the folder itself."""
        location = self._located(path)
        return self.finder.of(os.path.realpath(location) if os.path.isdir(location) else os.path.dirname(location))

    def discover(self) -> Iterator[File | Unreadable]:
        """The files to check, in a fixed order. Raises BadSettings at its end when settings files have mistakes."""
        yield from Walk(self.finder, self.places, self.root, self.environ)(self.paths)
        self.check()

    def find(self, *patterns: str) -> Iterator[File | Unreadable]:
        """Other files than those to check as code, by .gitignore patterns; what is excluded stays out."""
        yield from Walk(self.finder.including(patterns), self.places, self.root, self.environ)(self.paths)

    def covers(self, path: str) -> bool:
        """Whether the run was asked about this file, named as reports name it."""
        location = os.path.join(self.root, path)
        return any(inside(location, self._located(given)) for given in self.paths)

    def _located(self, path: str) -> str:
        return self.places.located(os.path.join(self.cwd, path))

    def check(self) -> None:
        """Raises BadSettings with every mistake met so far."""
        if self.finder.errors:
            raise BadSettings(self.finder.errors)

    def stdin_source(self, data: bytes, filename: str | None) -> Source | None:
        """Standard input as the file of that name; None when it is excluded by force."""
        if filename is None:
            return Source("<stdin>", data)
        location = self._located(filename)
        scope = self.finder.of(os.path.dirname(location))
        if scope.settings.force_exclude and matches(scope.exclude, location, self.root):
            return None
        return Source(shown(location, self.root), data, kind_of(location))

    def check_names(
        self, used: Iterable[Settings], rules: Collection[str], parse_target: Callable[[str], object]
    ) -> None:
        """Raises BadSettings for rules and targets that do not exist, and where no target is given at all.

        `used` are the settings of the files that were found; `rules` the known rule ids and kinds; `parse_target`
        raises ValueError for a SPEC that means nothing.
        """
        distinct = list({id(each): each for each in used}.values())
        aimless = not all(each.targets for each in distinct or [self.settings])
        errors = [SettingsError(NO_TARGET, "")] if aimless else []
        for each in [*distinct, self.settings]:
            errors += self._unknown_rules(each, rules)
            errors += self._unknown_targets(each, parse_target)
        if errors:
            raise BadSettings(errors)

    def specs(self, used: Iterable[Settings] = ()) -> tuple[str, ...]:
        """Every SPEC in the run's settings, and in those of the files that were found, as they were given."""
        found: list[str] = []
        for each in {id(each): each for each in (self.settings, *used)}.values():
            found += each.targets
            found += [spec for _, specs in each.per_file_targets for spec in specs]
            found += [spec for _, spec in each.guard_decorators]
        return tuple(dict.fromkeys(found))

    def _unknown_rules(self, settings: Settings, rules: Collection[str]) -> Iterator[SettingsError]:
        from difflib import get_close_matches

        per_file = [name for _, names in settings.per_file_ignores for name in names]
        named = {
            "select": settings.select,
            "ignore": settings.ignore,
            "per-file-ignores": per_file,
            "severity": [name for name, _ in settings.severity],
            "per-file-severity": [name for _, table in settings.per_file_severity for name, _ in table],
        }
        for key, names in named.items():
            for name in names:
                if name not in rules and not (key == "ignore" and name in per_file):
                    near = get_close_matches(name, rules, 1, 0.6)
                    hint = f": did you mean {near[0]!r}?" if near else "; `compatcheck rules` lists them"
                    yield SettingsError(f"unknown rule {name!r} in {key}{hint}", self._origin(settings, key))

    def _unknown_targets(self, settings: Settings, parse: Callable[[str], object]) -> Iterator[SettingsError]:
        per_file = [spec for _, specs in settings.per_file_targets for spec in specs]
        guards = [spec for _, spec in settings.guard_decorators]
        for key, specs in (("target", settings.targets), ("per-file-targets", per_file), ("guard-decorators", guards)):
            for spec in specs:
                if key == "target" and spec in per_file:
                    continue
                try:
                    parse(spec)
                except ValueError as error:
                    yield SettingsError(str(error), self._origin(settings, key))

    def _origin(self, settings: Settings, key: str) -> str:
        return next((scope.origins.get(key, "") for scope in self.finder.scopes if scope.gave(settings)), "")


def open_project(
    paths: Sequence[str] = (".",),
    overrides: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    cwd: str | None = None,
    root: str | None = None,
    config: str | None = None,
    isolated: bool = False,
) -> Project:
    """The project around the paths. Raises BadSettings with all mistakes of the run's own settings.

    `overrides` are the command line's options by key or field name, None for what was not given; `config` is a settings
    file to use instead of those found, `isolated` uses none.
    """
    environ = os.environ if environ is None else environ
    cwd = os.path.realpath(cwd or os.getcwd())
    locations = tuple(os.path.join(cwd, path) for path in paths or (".",))
    places = Places()
    anchor = anchor_of([places.located(location) for location in locations])
    reader = Reader(os.path.realpath(os.path.join(cwd, root)) if root else root_of(anchor, cwd), cwd)
    over = (reader.environment(environ), reader.overrides(overrides or {}))
    chosen = (reader.file(os.path.join(cwd, config), cwd) or ()) if config else None
    finder = Finder(reader, over, chosen, isolated)
    scope = finder.of(anchor if inside(anchor, finder.root) else finder.root)
    project = Project(finder.root, cwd, locations, scope, finder, places, environ)
    project.check()
    return project
