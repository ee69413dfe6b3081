"""Platform profiles: what a release of a platform says, and where profiles come from. Reads profile files."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compatcheck.rulebook.index import Index, read_part

Data = Mapping[str, Any]
_LARGEST = 4 << 20
_DEEPEST = 12


class BadProfile(ValueError):
    """A profile file cannot be used; the message has all that is wrong with it."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a profile. `name` is what targets and findings call it."""

    name: str
    version: str
    profile: Data

    @property
    def own(self) -> Data:
        found: Data = self.profile["releases"][self.version] or {}
        return found

    @property
    def python(self) -> tuple[int, int]:
        major, minor = str(self.own.get("python", self.profile.get("python"))).split(".")
        return int(major), int(minor)

    @property
    def system(self) -> str | None:
        """Its `sys.platform`, where the standard library is CPython's for that system."""
        system: str | None = self.own.get("system", self.profile.get("system"))
        return system

    @property
    def tells(self) -> dict[str, object]:
        """What tests of the interpreter give there."""
        told = {**self.profile.get("tells", {}), **self.own.get("tells", {})}
        return {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}

    @property
    def imports(self) -> frozenset[str] | None:
        """The top-level modules that can be imported, where the profile has them all."""
        found = [entry["modules"] for entry in self.entries("imports")]
        return frozenset(name for names in found for name in names) if found else None

    def entries(self, key: str) -> Iterator[Data]:
        """The groups of a list that hold for this release."""
        order = list(self.profile["releases"])
        at = order.index(self.version)
        for entry in self.profile.get(key, ()):
            since, until = (entry.get(end) for end in ("since", "until"))
            if "releases" in entry and self.version not in map(str, entry["releases"]):
                continue
            if (since is None or order.index(str(since)) <= at) and (until is None or at <= order.index(str(until))):
                yield entry


def all_profiles(folder: Path) -> Mapping[str, Data]:
    """The profiles that compatcheck ships, by id."""
    profiles: Mapping[str, Data] = index_of(folder).data["profiles"]
    return profiles


def index_of(folder: Path) -> Index:
    return read_part(folder, "platforms")


def profile_names(folder: Path) -> Collection[str]:
    """Everything that names a shipped profile: `debian`, `debian-11`."""
    return tuple(name for profile in all_profiles(folder).values() for name in names_of(profile))


def names_of(profile: Data) -> Iterator[str]:
    yield profile["id"]
    yield from (f"{profile['id']}-{version}" for version in profile["releases"])


def release_named(name: str, profiles: Mapping[str, Data]) -> Release | None:
    """The release that a target means: a profile's own name means its default, else its newest release."""
    if name in profiles:
        profile = profiles[name]
        return Release(name, str(profile.get("default", [*profile["releases"]][-1])), profile)
    for key, profile in profiles.items():
        version = name.removeprefix(f"{key}-")
        if version != name and version in profile["releases"]:
            return Release(name, version, profile)
    return None


def profile_from(path: Path, folder: Path) -> Data:
    """Somebody's own profile; raises BadProfile. `folder` holds the schema."""
    data = _read(path)
    from jsonschema import Draft202012Validator

    schema = json.loads((folder / "schemas" / "platform.schema.json").read_text("utf-8"))
    errors = sorted(Draft202012Validator(schema).iter_errors(data), key=lambda error: error.json_path)
    wrong = [f"{error.json_path.removeprefix('$.')}: {error.message[:200]}" for error in errors[:20]]
    if not wrong:
        wrong = [*_unknown_releases(data)]
    if wrong:
        raise BadProfile(f"{path.name} is no platform profile: {'; '.join(wrong)}")
    return data


def _unknown_releases(data: Data) -> Iterator[str]:
    known = set(data["releases"])
    for key in ("imports", "lacks", "has", "differs", "syntax"):
        for entry in data.get(key, ()):
            named = {entry.get("since"), entry.get("until"), *entry.get("releases", ())} - {None}
            yield from (f"{key}: there is no release {name!r}" for name in sorted(named - known))
    if data.get("default", next(iter(known))) not in known:
        yield f"default: there is no release {data['default']!r}"


def _read(path: Path) -> Data:
    """The file's data, once it is sure that it is small, flat and without aliases."""
    import yaml

    from compatcheck.rulebook.compiling import BadRule, read_yaml

    try:
        if path.stat().st_size > _LARGEST or not path.is_file():
            raise BadProfile(f"{path.name} is no profile: not a file of at most {_LARGEST >> 20} MB")
        depth = 0
        for event in yaml.parse(path.read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            if isinstance(event, yaml.events.AliasEvent):
                raise BadProfile(f"{path.name} is no profile: it has aliases")
            depth += isinstance(event, yaml.events.CollectionStartEvent)
            depth -= isinstance(event, yaml.events.CollectionEndEvent)
            if depth > _DEEPEST:
                raise BadProfile(f"{path.name} is no profile: it is nested too deeply")
        return read_yaml(path)
    except OSError as error:
        raise BadProfile(f"{path.name} cannot be read: {error.strerror}") from error
    except (BadRule, yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise BadProfile(f"{path.name} is not YAML: {' '.join(str(error).split())[:200]}") from error
