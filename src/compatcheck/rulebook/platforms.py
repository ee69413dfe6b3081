"""The platforms that targets name: runtimes of their own, and what they change in the rules. Imported only for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from compatcheck.model.runtimes import NO_RUNTIMES, Runtime, RuntimeSet
from compatcheck.model.stdlib import Lack, Level
from compatcheck.rulebook.index import Index
from compatcheck.rulebook.overlay import Overlay, is_file
from compatcheck.rulebook.profiles import (
    BadProfile,
    Release,
    index_of,
    profile_from,
    release_named,
)

# CPythons have the bits below.
_FIRST_BIT = 32
_MEMBERS_OF = frozenset(
    [
        "str",
        "bytes",
        "bytearray",
        "int",
        "float",
        "complex",
        "bool",
        "list",
        "tuple",
        "dict",
        "set",
        "frozenset",
        "memoryview",
        "range",
        "slice",
        "type",
        "object",
        "property",
        "function",
        "BaseException",
        "Exception",
    ]
)
_ERRORS = ("Error", "Exception", "Warning", "Exit", "Group", "Iteration")


def in_force(folder: Path, specs: Iterable[str]) -> Overlay:
    """The overlay of all platforms that the SPECs name; those that name nothing are left to the parser of SPECs."""
    named = list(dict.fromkeys(spec.strip() for spec in specs))
    index = index_of(folder)
    releases: list[Release] = []
    platforms: dict[str, RuntimeSet | str] = {}
    for spec in named:
        try:
            release = _release(spec, folder, index.data["profiles"])
        except BadProfile as error:
            platforms[spec] = str(error)
            continue
        if release is not None:
            platforms[spec] = RuntimeSet(1 << _FIRST_BIT + len(releases))
            releases.append(release)
    return _Laid(index, releases).overlay(platforms)


def _release(spec: str, folder: Path, shipped: Mapping[str, Any]) -> Release | None:
    if not is_file(spec):
        return release_named(spec, shipped)
    profile = profile_from(Path(spec), folder)
    return release_named(profile["id"], {profile["id"]: profile})


class _Laid:
    """The releases laid over each other."""

    def __init__(self, index: Index, releases: Sequence[Release]) -> None:
        self._index = index
        self._releases = releases
        self._lacks: dict[str, list[Lack]] = {}
        self._gives: dict[str, RuntimeSet] = {}
        self._syntax: dict[str, tuple[RuntimeSet, RuntimeSet]] = {}

    def overlay(self, platforms: Mapping[str, RuntimeSet | str]) -> Overlay:
        runtimes = [
            Runtime(
                release.name, _FIRST_BIT + at, release.python, release.profile["id"], _tells(release), release.imports
            )
            for at, release in enumerate(self._releases)
        ]
        for runtime, release in zip(runtimes, self._releases, strict=True):
            self._lay(release, RuntimeSet(1 << runtime.bit))
        lacks = {symbol: tuple(found) for symbol, found in self._lacks.items()}
        stars = frozenset(name for release in self._releases for name in release.profile.get("stars", ()))
        return Overlay(tuple(runtimes), platforms, self._syntax, lacks, self._gives, stars, self._digest())

    def _digest(self) -> str:
        told = [(release.name, release.version, release.profile) for release in self._releases]
        text = json.dumps(told, default=str) + self._index.digest
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()

    def _lay(self, release: Release, on: RuntimeSet) -> None:
        for entry in release.entries("syntax"):
            takes, refuses = (on if key in entry else NO_RUNTIMES for key in ("works", "fails"))
            for name in (*entry.get("works", ()), *entry.get("fails", ())):
                before = self._syntax.get(name, (NO_RUNTIMES, NO_RUNTIMES))
                self._syntax[name] = before[0] | takes, before[1] | refuses
        for entry in (*release.entries("imports"), *release.entries("has")):
            for symbol in (*entry.get("modules", ()), *entry.get("names", ())):
                self._gives[symbol] = self._gives.get(symbol, NO_RUNTIMES) | on
        for key in ("lacks", "differs"):
            for entry in release.entries(key):
                self._lack(entry, release, on, differs=key == "differs")
        if release.system is not None:
            self._system(release.system, on)

    def _lack(self, entry: Mapping[str, Any], release: Release, on: RuntimeSet, *, differs: bool) -> None:
        severity: Level = entry.get("severity", "warning" if differs else "error")
        nearby: Level = "warning" if release.profile.get("shared") and severity == "error" else severity
        how = entry.get("how")
        for symbol in entry.get("modules", ()):
            lack = Lack(on, "module", how, entry.get("instead"), severity, nearby, differs)
            self._lacks.setdefault(symbol, []).append(lack)
        for symbol in entry.get("names", ()):
            lack = Lack(on, _kind(symbol), how, entry.get("instead"), severity, severity, differs)
            self._lacks.setdefault(symbol, []).append(lack)

    def _system(self, system: str, on: RuntimeSet) -> None:
        """What CPython has on other systems only; code that asks for it in a function may mean those."""
        for symbol, kind in self._index.data["systems"].get(system, ()):
            lack = Lack(on, kind, f"the standard library has it on other systems than {system}", nearby="warning")
            self._lacks.setdefault(symbol, []).append(lack)


# What os.name and platform.system() say where sys.platform is this.
_SYSTEM_TELLS = {
    "linux": {"os.name": "posix", "platform.system()": "Linux"},
    "darwin": {"os.name": "posix", "platform.system()": "Darwin"},
    "win32": {"os.name": "nt", "platform.system()": "Windows"},
}


def _tells(release: Release) -> dict[str, object]:
    system = release.system
    return ({"sys.platform": system, **_SYSTEM_TELLS.get(system, {})} if system else {}) | release.tells


def _kind(symbol: str) -> str:
    """What a name that no fact knows probably is; that decides how it is looked for."""
    owner, _, word = symbol.rpartition(".")
    if "(" in symbol:
        return "parameter"
    if owner.rpartition(".")[2] in _MEMBERS_OF or owner.rpartition(".")[2][:1].isupper():
        return "method"
    return "exception" if word.endswith(_ERRORS) else "function"
