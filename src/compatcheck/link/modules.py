"""Dotted names to files of the project, as Python's import system finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from posixpath import dirname, join

IsFile = Callable[[str], bool]
_SOURCES = "src"  # where projects keep their packages


def locate(symbol: str, importer: str, is_file: IsFile) -> tuple[str, tuple[str, ...]] | None:
    """The module's path and what is left of the name: `.compat.PY38` is (`pkg/compat.py`, ("PY38",)).

    Paths are relative to the root, with `/`. None for what no file of the project gives.
    """
    for folder, parts in _starts(symbol, importer, is_file):
        if found := _longest(folder, parts, is_file, relative=symbol.startswith(".")):
            return found
    return None


def _starts(symbol: str, importer: str, is_file: IsFile) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Folders to look in, and the names below each."""
    name = symbol.lstrip(".")
    parts = tuple(name.split(".")) if name else ()
    folder = dirname(importer)
    if symbol != name:
        for _ in range(len(symbol) - len(name) - 1):
            if not folder:
                return
            folder = dirname(folder)
        yield folder, parts
        return
    top = import_root(folder, is_file)
    yield from ((place, parts) for place in dict.fromkeys((top, "", _SOURCES)))


def import_root(folder: str, is_file: IsFile) -> str:
    """The folder above the outermost package that the folder belongs to; itself when it is no package."""
    while folder and is_file(join(folder, "__init__.py")):
        folder = dirname(folder)
    return folder


def _longest(
    folder: str, parts: tuple[str, ...], is_file: IsFile, *, relative: bool
) -> tuple[str, tuple[str, ...]] | None:
    best = None
    if relative and is_file(package := join(folder, "__init__.py")):
        best = package, parts
    for at, part in enumerate(parts, 1):
        if is_file(module := join(folder, f"{part}.py")):
            return module, parts[at:]
        folder = join(folder, part)
        if is_file(package := join(folder, "__init__.py")):
            best = package, parts[at:]
    return best
