"""The places where a package must install: Python versions on systems, as markers and wheel tags see them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename

from compatcheck.model.runtimes import Runtime


@dataclass(frozen=True, slots=True)
class System:
    """One kind of machine: the values of its markers, and the platform tags that it takes."""

    name: str
    sys_platform: str
    os_name: str
    platform_system: str
    machine: str
    tags: frozenset[str]


def _linux(machine: str) -> frozenset[str]:
    many = {f"manylinux_2_{minor}_{machine}" for minor in range(5, 41)}
    return frozenset(
        {*many, *(f"{old}_{machine}" for old in ("manylinux1", "manylinux2010", "manylinux2014", "linux"))}
    )


SYSTEMS = (
    System("Linux x86_64", "linux", "posix", "Linux", "x86_64", _linux("x86_64")),
    System("Linux aarch64", "linux", "posix", "Linux", "aarch64", _linux("aarch64")),
    System("macOS arm64", "darwin", "posix", "Darwin", "arm64", frozenset(mac_platforms((15, 0), "arm64"))),
    System("Windows AMD64", "win32", "nt", "Windows", "AMD64", frozenset({"win_amd64"})),
)
_MICROS = ("0", "99")


def systems_of(platforms: Iterable[str]) -> tuple[System, ...]:
    """The systems of these values of sys.platform; all of them for none."""
    wanted = set(platforms)
    return tuple(each for each in SYSTEMS if not wanted or each.sys_platform in wanted)


@cache
def environments(python: tuple[int, int], system: System) -> tuple[Mapping[str, str], ...]:
    """A marker's environments on one system: of the first release of a minor version, and of a late one."""
    minor = f"{python[0]}.{python[1]}"
    return tuple(
        {
            "implementation_name": "cpython",
            "implementation_version": f"{minor}.{micro}",
            "os_name": system.os_name,
            "platform_machine": system.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": system.platform_system,
            "platform_version": "",
            "python_full_version": f"{minor}.{micro}",
            "python_version": minor,
            "sys_platform": system.sys_platform,
            "extra": "",
        }
        for micro in _MICROS
    )


@cache
def _marker(text: str) -> Marker | None:
    try:
        return Marker(text)
    except InvalidMarker:
        return None


def holds(marker: str | None, python: tuple[int, int], system: System, extra: str = "") -> bool:
    """Whether a marker is true on some release of a version; one that cannot be read, or asks for an extra, may be."""
    parsed = _marker(marker) if marker else None
    if parsed is None or ("extra" in (marker or "") and not extra):
        return True
    try:
        return any(parsed.evaluate({**each, "extra": extra}) for each in environments(python, system))
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True


def only_python(marker: str) -> bool:
    """Whether a marker speaks of Python versions and extras only."""
    return not re.search(r"\b(?:os_name|sys_platform|platform_\w+|implementation_\w+)\b", marker)


@cache
def _pairs(python: tuple[int, int]) -> tuple[frozenset[tuple[str, str]], frozenset[Tag]]:
    """(interpreter, abi) of the wheels for a platform that a version takes, and the tags of those for any."""
    interpreter = f"cp{python[0]}{python[1]}"
    bound = {(tag.interpreter, tag.abi) for tag in cpython_tags(python, platforms=["x"])}
    loose = list(compatible_tags(python, interpreter, platforms=["x"]))
    bound |= {(tag.interpreter, tag.abi) for tag in loose if tag.platform == "x"}
    anywhere = {*(tag for tag in loose if tag.platform == "any"), *cpython_tags(python, platforms=["any"])}
    return frozenset(bound), frozenset(anywhere)


def fits(tags: Iterable[Tag], python: tuple[int, int], system: System) -> bool:
    """Whether a wheel of these tags installs there."""
    bound, anywhere = _pairs(python)
    return any(tag in anywhere or (tag.platform in system.tags and (tag.interpreter, tag.abi) in bound) for tag in tags)


@dataclass(frozen=True)
class Files:
    """The files of one release, by their names."""

    wheels: tuple[frozenset[Tag], ...]
    sdist: bool

    def __bool__(self) -> bool:
        return bool(self.wheels) or self.sdist

    def wheel_for(self, runtime: Runtime, system: System) -> bool:
        return any(fits(tags, runtime.python, system) for tags in self.wheels)


def files_of(names: Iterable[str]) -> Files:
    """What a release offers; names that are no wheel's and no sdist's are passed over."""
    wheels: list[frozenset[Tag]] = []
    sdist = False
    for name in names:
        if name.endswith(".whl"):
            if (tags := wheel_tags(name)) is not None:
                wheels.append(tags)
        else:
            sdist = sdist or _is_sdist(name)
    return Files(tuple(wheels), sdist)


@cache
def wheel_tags(name: str) -> frozenset[Tag] | None:
    try:
        return parse_wheel_filename(name)[3]
    except (InvalidWheelFilename, ValueError):
        return None


def _is_sdist(name: str) -> bool:
    try:
        parse_sdist_filename(name)
    except (InvalidSdistFilename, ValueError):
        return name.endswith((".tar.bz2", ".tgz"))
    return True


def members(runtimes: Iterable[Runtime], systems: Iterable[System]) -> Iterator[tuple[Runtime, System]]:
    """Every version on every system."""
    found = tuple(systems)
    return ((runtime, system) for runtime in runtimes for system in found)
