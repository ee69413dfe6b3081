"""Real code to judge: pinned packages, the standard libraries of the judges with their tests, any folder."""

from __future__ import annotations

import os
import random
import re
import subprocess
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.judge import packages
from tools.judge.interpreters import Interpreter
from tools.judge.judges import judges
from tools.judge.memory import digest

SKIPPED = {"site-packages", "__pycache__", "node_modules", ".git"}
EVERYTHING = re.compile("")
LIBRARY_PROBE = "import os, sys; sys.stdout.write(os.path.dirname(os.__file__))"


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Choice:
    """What to take; nothing chosen means the packages and the libraries."""

    packages: Collection[str] = ()
    libraries: bool = False
    paths: Collection[Path] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.packages or self.libraries or self.paths)


def entries(choice: Choice, sample: int | None = None, seed: int = 0) -> list[Entry]:
    """The chosen files, each content once, in a stable order; of them a sample, if asked."""
    every = _once(_every(choice))
    if sample is None:
        return every
    random.Random(seed).shuffle(every)
    return every[:sample]  # a smaller sample is part of a larger one


def entries_of(interpreters: Iterable[Interpreter], pattern: re.Pattern[str]) -> list[Entry]:
    """The library files whose label the pattern finds, each content once."""
    return _once(entry for one in interpreters for entry in library(one, pattern))


def library(interpreter: Interpreter, pattern: re.Pattern[str] = EVERYTHING) -> Iterator[Entry]:
    """An interpreter's own Lib, with Lib/test where it is installed."""
    if interpreter.is_pyodide:
        yield from _zipped(interpreter, pattern)
        return
    command = [str(interpreter.path), "-E", "-s", "-c", LIBRARY_PROBE]
    root = Path(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)
    yield from folder(root, f"python-{interpreter.exact}", pattern)


def folder(root: Path, label: str, pattern: re.Pattern[str] = EVERYTHING) -> Iterator[Entry]:
    """The Python files below a folder whose label the pattern finds."""
    for place, names, files in os.walk(root):
        names[:] = sorted(set(names) - SKIPPED)
        for name in sorted(files):
            path = Path(place, name)
            full = f"{label}/{path.relative_to(root).as_posix()}"
            if name.endswith(packages.PYTHON_ENDINGS) and pattern.search(full) and path.is_file():
                yield Entry(full, path.read_bytes())


def _every(choice: Choice) -> Iterable[Entry]:
    if choice.packages or choice.is_empty:
        pins = packages.pins(choice.packages)
        packages.fetch(pins)
        for pin in pins:
            yield from (Entry(label, data) for label, data in packages.files(pin))
    if choice.libraries or choice.is_empty:
        for judge in judges():
            yield from library(judge.interpreter)
    for path in choice.paths:
        yield from folder(path, path.name) if path.is_dir() else [Entry(path.name, path.read_bytes())]


def _once(entries: Iterable[Entry]) -> list[Entry]:
    found: dict[bytes, Entry] = {}
    for entry in entries:
        found.setdefault(digest(entry.data), entry)
    return list(found.values())


def _zipped(interpreter: Interpreter, pattern: re.Pattern[str]) -> Iterator[Entry]:
    version = interpreter.exact.split()[0]
    with zipfile.ZipFile(interpreter.path / "python_stdlib.zip") as archive:
        for name in sorted(archive.namelist()):
            label = f"python-{version}/{name}"
            if name.endswith(packages.PYTHON_ENDINGS) and pattern.search(label):
                yield Entry(label, archive.read(name))
