"""Built distributions, read in memory: what wheels and sdists say of themselves, and whether it is so. Nothing is
unpacked to disk.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from compatcheck.model.rules import Severity

MOST_FILES = 50_000
MOST_BYTES = 512 << 20
_COMPILED = (".so", ".pyd", ".dylib", ".dll")
_HASHES = frozenset({"sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with an archive: the rule, and what its message names; `severity` where it is not the rule's."""

    rule: str
    names: tuple[tuple[str, str], ...] = ()
    severity: Severity | None = None


@dataclass
class Opened:
    """An archive's files that can be read, and what is wrong with others; `broken` where it could not be read at all."""

    files: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    broken: str | None = None


def opened(name: str, data: bytes) -> Opened:
    """A wheel's or sdist's files."""
    found = Opened()
    try:
        if name.endswith((".whl", ".zip")):
            _zip(data, found)
        else:
            _tar(data, found)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        EOFError,
        OSError,
        zlib.error,
        NotImplementedError,
        ValueError,
    ) as error:
        found.broken = str(error) or type(error).__name__
    except RuntimeError as error:  # an encrypted member
        found.broken = str(error)
    return found


def _zip(data: bytes, found: Opened) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        budget = MOST_BYTES
        if len(entries) > MOST_FILES:
            found.broken = f"more than {MOST_FILES} files"
            return
        for entry in entries:
            if entry.is_dir():
                _checked(entry.filename, found)
                continue
            if entry.external_attr >> 16 & 0o170000 == 0o120000:
                found.faults.append(Fault("archive-link", (("file", entry.filename),)))
                continue
            if not _checked(entry.filename, found):
                continue
            with archive.open(entry) as file:
                content = file.read(budget + 1)
            budget -= len(content)
            if budget < 0:
                found.broken = f"unpacks to more than {MOST_BYTES >> 20} MB"
                return
            if entry.filename in found.files:
                found.faults.append(Fault("archive-twice", (("file", entry.filename),)))
            found.files[entry.filename] = content


def _tar(data: bytes, found: Opened) -> None:
    limited = _Limited(data)
    with tarfile.open(fileobj=limited, mode="r|*") as archive:
        budget, count = MOST_BYTES, 0
        for entry in archive:
            count += 1
            if count > MOST_FILES:
                found.broken = f"more than {MOST_FILES} files"
                return
            if entry.issym() or entry.islnk():
                if _leads_out(entry.name, entry.linkname, entry.issym()):
                    found.faults.append(Fault("archive-link", (("file", entry.name),)))
                continue
            if not _checked(entry.name, found) or not entry.isfile():
                continue
            budget -= entry.size
            if budget < 0:
                found.broken = f"unpacks to more than {MOST_BYTES >> 20} MB"
                return
            file = archive.extractfile(entry)
            found.files[entry.name] = file.read() if file is not None else b""


class _Limited(io.BytesIO):
    """A stream: reading it forward is all that a tar needs."""


def _checked(name: str, found: Opened) -> bool:
    """Whether a name stays inside; else that is a fault."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        found.faults.append(Fault("archive-path", (("file", name),)))
        return False
    return True


def _leads_out(name: str, target: str, symbolic: bool) -> bool:
    if target.startswith("/"):
        return True
    depth = 0
    start = PurePosixPath(name).parent.parts if symbolic else ()
    for part in (*start, *PurePosixPath(target).parts):
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def record_faults(files: Mapping[str, bytes]) -> Iterator[Fault]:
    """A wheel's RECORD against what is there."""
    name = next((path for path in files if path.endswith(".dist-info/RECORD") and path.count("/") == 1), None)
    if name is None:
        yield Fault("record-missing")
        return
    listed = dict[str, str]()
    for row in csv.reader(io.StringIO(files[name].decode("utf-8", "replace"))):
        if len(row) >= 2:
            listed[row[0]] = row[1]
    signed = {name, f"{name}.jws", f"{name}.p7s"}
    for path, content in files.items():
        told = listed.get(path)
        if path in signed:
            continue
        if told is None:
            yield Fault("record-differs", (("file", path), ("how", "is not listed")))
        elif not _hash_holds(told, content):
            yield Fault("record-differs", (("file", path), ("how", "has another hash")))
    for path in listed.keys() - files.keys() - signed:
        yield Fault("record-differs", (("file", path), ("how", "is listed and not there")))


def _hash_holds(told: str, content: bytes) -> bool:
    kind, _, value = told.partition("=")
    if kind not in _HASHES:
        return False
    return base64.urlsafe_b64encode(hashlib.new(kind, content).digest()).rstrip(b"=").decode() == value


def compiled_in(files: Mapping[str, bytes]) -> list[str]:
    """Files that hold machine code."""
    return sorted(path for path in files if path.endswith(_COMPILED) or re.search(r"\.so\.\d", path))


def strangers(files: Mapping[str, bytes], info: str) -> list[str]:
    """A wheel's top-level folders that no one wants in site-packages: tests, docs and the like."""
    tops = {path.split("/", 1)[0] for path in files if "/" in path}
    unwanted = {
        "test",
        "tests",
        "testing",
        "doc",
        "docs",
        "example",
        "examples",
        "benchmark",
        "benchmarks",
        "build",
        "dist",
    }
    return sorted((tops - {info}) & (unwanted | {"__pycache__", "scripts", "tools", ".github"}))
