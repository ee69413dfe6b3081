"""What is known of the releases of packages: from lock files, installed metadata, folders of wheels, or an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import InvalidVersion, Version

from compatcheck.depends.environments import System, files_of
from compatcheck.depends.versions import Versions
from compatcheck.model.runtimes import Runtime, RuntimeSet


@dataclass(frozen=True, slots=True)
class Release:
    """One version of one package. `files` are names of files with what each requires of Python (None: nothing said);
    `known` tells where this comes from.
    """

    name: str
    version: str
    files: tuple[tuple[str, str | None], ...]
    requires_python: str | None
    known: str
    yanked: bool = False


class Supply:
    """Releases by package and version. What is not here is not known: that is no finding."""

    def __init__(self, releases: Iterable[Release], *, complete: bool = False) -> None:
        self.complete = complete  # whether all releases of the packages that it has are here: an index
        self._found: defaultdict[str, dict[str, Release]] = defaultdict(dict)
        for each in releases:
            key = _key(each.version)
            before = self._found[each.name].get(key)
            if before is None or (not before.files and each.files):
                self._found[each.name][key] = each

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def release(self, name: str, version: str) -> Release | None:
        return self._found.get(name, {}).get(_key(version))

    def newest_first(self, name: str) -> list[tuple[Version, Release]]:
        found = [(version_of(each.version), each) for each in self._found.get(name, {}).values()]
        return sorted(
            ((version, each) for version, each in found if version is not None), key=lambda one: one[0], reverse=True
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """How a release fits one version on one system: `python` says no to what it requires, `partly` that only some micro
    versions are let in, `wheel` and `sdist` what could be installed. None: not known.
    """

    python: bool | None
    partly: bool = False
    wheel: bool | None = None
    sdist: bool | None = None

    @property
    def installs(self) -> bool | None:
        if self.python is False:
            return False
        return None if self.wheel is None else self.wheel or bool(self.sdist)


def fit(release: Release, runtime: Runtime, system: System, versions: Versions) -> Fit:
    """Files decide, each with its own requirement; without files the release's requirement does."""
    if not release.files:
        holds, whole = _holds(release.requires_python, runtime, versions)
        return Fit(holds, partly=bool(holds) and not whole)
    usable = [
        name for name, asked in release.files if _holds(_asked(asked, release), runtime, versions)[0] is not False
    ]
    if not usable:
        return Fit(False, wheel=False, sdist=False)
    whole = any(_holds(_asked(asked, release), runtime, versions)[1] for _, asked in release.files)
    found = _files(tuple(usable))
    return Fit(True, not whole, found.wheel_for(runtime, system), found.sdist)


def _asked(own: str | None, release: Release) -> str | None:
    return own if own is not None else release.requires_python


_files = cache(files_of)


def _holds(asked: str | None, runtime: Runtime, versions: Versions) -> tuple[bool | None, bool]:
    """Whether a version holds some release that is let in, and whether all that people have are."""
    if not asked:
        return None, True
    held, newest = _python_sets(asked, versions)
    if held is None or newest is None:
        return None, True
    bit = 1 << runtime.bit
    python = versions.runtimes.by_python.get(runtime.python)
    bit = 1 << python.bit if python is not None else bit
    return bool(held.bits & bit), bool(newest.bits & bit)


@cache
def _python_sets(asked: str, versions: Versions) -> tuple[RuntimeSet | None, RuntimeSet | None]:
    try:
        specifiers = SpecifierSet(asked)
    except InvalidSpecifier:
        return None, None
    return versions.of(specifiers), versions.newest_of(specifiers)


@cache
def version_of(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


@cache
def _key(version: str) -> str:
    return canonicalize_version(version, strip_trailing_zero=True)


Newest = Mapping[str, str]  # runtime name to version


def newest_fitting(
    supply: Supply, name: str, specifier: str, runtime: Runtime, systems: Iterable[System], versions: Versions
) -> tuple[Version | None, bool]:
    """The newest release that installs on a version, and whether a wheel of it does: within the specifier, yanked ones
    and pre-releases last, as pip chooses.
    """
    chosen = tuple(systems)
    try:
        specifiers = SpecifierSet(specifier)
    except InvalidSpecifier:
        return None, False
    built: Version | None = None
    spare: tuple[Version, bool] | None = None
    for version, release in supply.newest_first(name):
        fine = specifiers.contains(version, prereleases=True)
        if not fine or (release.yanked and not specifier.startswith("==")):
            continue
        fitted = [fit(release, runtime, system, versions) for system in chosen]
        if not any(one.installs or (one.installs is None and one.python is not False) for one in fitted):
            continue
        wheel = any(one.wheel or one.wheel is None for one in fitted)
        if version.is_prerelease and not specifiers.prereleases:
            spare = spare or (version, wheel)
        elif wheel:
            return version, True
        else:
            built = built or version
    return (built, False) if built is not None else spare or (None, False)
