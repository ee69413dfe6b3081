"""Collects typeshed through time: several mypy releases, each read as many versions on three platforms."""

import ast
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from tools.stdlib import cache
from tools.stdlib.stubs import Definition, Evaluator
from tools.stdlib.versions import bit, mask, parse

PLATFORMS = ("linux", "win32", "darwin")


@dataclass(frozen=True, slots=True)
class Snapshot:
    mypy: str
    minors: range  # versions that its stubs still describe
    built_for: str = "3.6"


SNAPSHOTS = (
    Snapshot("0.521", range(3, 7)),
    Snapshot("0.790", range(5, 10)),
    Snapshot("0.910", range(6, 11)),
    Snapshot("1.4.1", range(7, 13)),
    Snapshot("1.11.2", range(8, 14)),
    Snapshot("2.4.1", range(10, 16), "3.11"),
)


def collect() -> None:
    for snapshot in SNAPSHOTS:
        cache.save(f"typeshed-{snapshot.mypy}", Collected(snapshot, stubs(wheel(snapshot))).symbols())


def wheel(snapshot: Snapshot) -> zipfile.ZipFile:
    folder = cache.folder() / f"mypy-{snapshot.mypy}"
    if not list(folder.glob("*.whl")):
        wanted = [
            "--no-deps",
            "--ignore-requires-python",
            "--only-binary",
            ":all:",
            "--python-version",
            snapshot.built_for,
            "--dest",
            str(folder),
        ]
        command = [sys.executable, "-m", "pip", "download", "-q", *wanted, f"mypy=={snapshot.mypy}"]
        subprocess.run(command, check=True, timeout=300)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def stubs(archive: zipfile.ZipFile) -> dict[str, str]:
    """Path below typeshed/stdlib -> text, of the stubs and of VERSIONS."""
    found = {}
    for name in archive.namelist():
        _, there, path = name.partition("typeshed/stdlib/")
        if there and path.endswith((".pyi", "VERSIONS")) and not path.startswith(("@python2", "2/")):
            found[path] = archive.read(name).decode("utf-8")
    return found


class Collected:
    def __init__(self, snapshot: Snapshot, texts: dict[str, str]) -> None:
        self.snapshot = snapshot
        self.ranges = dict(lifetimes(texts.pop("VERSIONS", "")))
        self.trees = {path: tree for path, text in texts.items() if (tree := parsed(text))}
        self.divided = {path for path, text in texts.items() if "sys.platform" in text}
        self.table: dict[str, dict[str, Any]] = defaultdict(dict)

    def symbols(self) -> dict[str, Any]:
        for minor in self.snapshot.minors:
            for module, path in self.modules(minor):
                for platform in PLATFORMS:
                    self.add(module, path, minor, platform)
        for module, versions in self.ranges.items():
            self.table[module] |= {"k": "module", "lifetime": versions}
        return dict(self.table)

    def modules(self, minor: int) -> Iterator[tuple[str, str]]:
        """Old stubs lie in folders of versions: the nearest older one counts."""
        found: dict[str, str] = {}
        for path in sorted(self.trees, key=folder_age):
            module, first = address(path)
            if first <= minor and self.alive(module, minor):
                found[module] = path
        return iter(sorted(found.items()))

    def alive(self, module: str, minor: int) -> bool:
        parts = module.split(".")
        owners = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        versions = next((self.ranges[owner] for owner in owners if owner in self.ranges), None)
        return versions is None or bool(versions & bit(minor))

    def add(self, module: str, path: str, minor: int, platform: str) -> None:
        package = module if path.endswith("__init__.pyi") else module.rpartition(".")[0]
        found = Evaluator(module, package, minor, platform).run(self.trees[path])
        row = self.row(module, "module", minor, platform)
        if found.stars:
            row["stars"] = sorted({*row.get("stars", ()), *found.stars})
        for name, definition in found.names.items():
            if not name.startswith("_"):
                self.record(f"{module}.{name}", definition, minor, platform)
        for name in found.exported - set(found.names):
            if target := found.scope.bound.get(name):
                self.record(f"{module}.{name}", Definition("alias", module, name, target=target), minor, platform)

    def row(self, symbol: str, kind: str, minor: int, platform: str) -> dict[str, Any]:
        row = self.table[symbol]
        row["k"] = kind
        row[platform] = row.get(platform, 0) | bit(minor)
        return row

    def record(self, symbol: str, found: Definition, minor: int, platform: str) -> None:
        row = self.row(symbol, found.kind, minor, platform)
        for name, kind in found.parameters.items():
            letters = row.setdefault("p", {}).setdefault(name, {})
            letters[kind] = letters.get(kind, 0) | bit(minor)
        if found.kind == "function":
            row["sig"] = row.get("sig", 0) | bit(minor)
        row |= {"to": found.target} if found.kind == "alias" else {}
        row |= {"ret": sorted(found.returns)} if found.returns else {}
        row |= {"bases": found.bases} if found.kind == "class" else {}
        row |= {"dep": found.deprecated} if found.deprecated else {}
        row |= {"overloads": True} if found.overloads else {}
        for name, member in found.members.items():
            if not name.startswith("_") or name in ("__init__", "__new__", "__enter__", "__class_getitem__"):
                self.record(f"{symbol}.{name}", member, minor, platform)


def parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:  # of old stubs that use `async` as a name
        return None


def folder_age(path: str) -> tuple[int, int]:
    first = path.split("/")[0]
    return (parse(first) if first.startswith("3.") else 0, first == "3")


def address(path: str) -> tuple[str, int]:
    """(module, first minor) of `3.7/dataclasses.pyi`, `2and3/os/path.pyi` or `os/path.pyi`."""
    parts = PurePosixPath(path).with_suffix("").parts
    first = 0
    if parts[0] in ("2and3", "3") or parts[0].startswith("3."):
        first = parse(parts[0]) if "." in parts[0] else 0
        parts = parts[1:]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts), first


def lifetimes(text: str) -> Iterator[tuple[str, int]]:
    """VERSIONS: `module: 3.4-3.11` lines as masks of versions."""
    for line in text.splitlines():
        module, colon, versions = line.partition("#")[0].partition(":")
        if colon:
            first, _, last = versions.strip().partition("-")
            begin = parse(first) if first.startswith("3") else 0
            yield module.strip(), mask(range(begin, (parse(last) if last else 15) + 1))
