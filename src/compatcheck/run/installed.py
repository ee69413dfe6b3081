"""What is installed beside a project, and what lies in folders of wheels: metadata only, nothing is imported."""

from __future__ import annotations

import os
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import HeaderParser
from glob import glob

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from compatcheck.depends.supply import Release
from compatcheck.project.files import read_if_there

_MOST_METADATA = 4 << 20


@dataclass(frozen=True)
class Installed:
    """Releases that are installed, and which of them give which import name."""

    releases: tuple[Release, ...] = ()
    modules: Mapping[str, frozenset[str]] = field(default_factory=dict)


def installed_in(environment: str) -> Installed:
    """What a virtual environment holds."""
    releases: list[Release] = []
    modules: defaultdict[str, set[str]] = defaultdict(set)
    pattern = os.path.join(glob_escaped(environment), "[Ll]ib", "python*", "site-packages", "*.dist-info")
    windows = os.path.join(glob_escaped(environment), "Lib", "site-packages", "*.dist-info")
    for folder in sorted({*glob(pattern), *glob(windows)}):
        data = read_if_there(os.path.join(folder, "METADATA"), _MOST_METADATA)
        release = _release(data, "installed metadata") if data is not None else None
        if release is None:
            continue
        releases.append(release)
        for name in _tops(folder):
            modules[name].add(release.name)
    return Installed(tuple(releases), {name: frozenset(found) for name, found in modules.items()})


def glob_escaped(path: str) -> str:
    from glob import escape

    return escape(path)


def wheels_in(folders: Iterable[str]) -> Iterator[Release]:
    """The wheels in folders that the user named, by their own metadata."""
    for folder in folders:
        for location in sorted(glob(os.path.join(glob_escaped(folder), "*.whl"))):
            name = os.path.basename(location)
            try:
                project, version, _, _ = parse_wheel_filename(name)
            except (InvalidWheelFilename, ValueError):
                continue
            asked = _requires(location)
            yield Release(canonicalize_name(project), str(version), ((name, asked),), None, f"the wheel {name}")


def _requires(location: str) -> str | None:
    """The Requires-Python in a wheel; None for what cannot be read, too."""
    try:
        with zipfile.ZipFile(location) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".dist-info/METADATA") and entry.file_size <= _MOST_METADATA:
                    release = _release(archive.read(entry), "")
                    return release.requires_python if release is not None else None
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    return None


def _release(data: bytes, known: str) -> Release | None:
    headers = HeaderParser().parsestr(data.decode("utf-8", "replace"))
    name, version = headers.get("Name"), headers.get("Version")
    if not name or not version:
        return None
    return Release(canonicalize_name(str(name)), str(version), (), headers.get("Requires-Python"), known)


def _tops(folder: str) -> set[str]:
    """The import names that an installed package gives: by top_level.txt, else by its RECORD."""
    listed = read_if_there(os.path.join(folder, "top_level.txt"))
    if listed is not None:
        return set(listed.decode("utf-8", "replace").split())
    record = (read_if_there(os.path.join(folder, "RECORD"), 8 << 20) or b"").decode("utf-8", "replace")
    tops = set[str]()
    for line in record.splitlines():
        path = line.split(",")[0]
        head, slash, _ = path.partition("/")
        if slash and path.endswith((".py", ".so", ".pyd")) and "." not in head:
            tops.add(head)
        elif not slash and path.endswith(".py"):
            tops.add(path.removesuffix(".py"))
    return tops
