"""Which of the code is what a project ships: what its declarations speak for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache

from compatcheck.model.problems import Analysed
from compatcheck.run.folders import ProjectFolder

# Beside the package, not in it: run by its developers only, on whatever Python they have.
_BESIDE = {"tests", "test", "docs", "doc", "examples", "example", "samples", "benchmarks", "bench", "tools", "scripts"}
_BESIDE |= {"ci", "tasks", "utils", "build_tools", "devtools", "requirements", "notebooks"}
_FILES = frozenset({"setup.py", "conftest.py", "noxfile.py", "tasks.py", "fabfile.py", "hatch_build.py", "build.py"})
# In a package: its tests, and templates of modules that are no modules yet.
_INSIDE = frozenset({"tests", "test", "_tests", "testdata", "templates", "project_template", "app_template"})
_LAYOUTS = ("src", "lib")


def shipped(code: Sequence[Analysed], folder: ProjectFolder) -> list[Analysed]:
    """The modules of the packages in `src`, else of the packages in the folder itself, else the modules that lie there;
    of an Anvil app its server's. What lies in a package's folder that is no package is material, and not imported.

    The folder's own layout decides, so that a run over some of its files says the same of them.
    """
    tops = _tops(folder.location)
    return [each for each in code if each.path.startswith(folder.path) and _ships(folder, each.path, tops)]


def _ships(folder: ProjectFolder, path: str, tops: tuple[str, ...]) -> bool:
    inside = path[len(folder.path) :]
    name = inside.rpartition("/")[2]
    if not inside.startswith(tops) if tops else "/" in inside or name in _FILES:
        return False
    location = os.path.dirname(os.path.join(folder.location, inside))
    own = _is_package(location) or f"{inside.rpartition('/')[0]}/" in tops or not tops
    beside = not _INSIDE.isdisjoint(inside.split("/")[:-1]) or name.startswith(("test_", "conftest."))
    return own and not beside and not _deeper(location, folder)


@cache
def _tops(location: str) -> tuple[str, ...]:
    """`src/` when there is Python in it; else each folder that is a package; of an Anvil app its server's code."""
    if os.path.isfile(os.path.join(location, "anvil.yaml")):
        return ("server_code/",)
    for layout in _LAYOUTS:
        if _holds_python(os.path.join(location, layout)):
            return (f"{layout}/",)
    names = [name for name in _folders(location) if name not in _BESIDE and _is_package(os.path.join(location, name))]
    return tuple(f"{name}/" for name in names)


def _holds_python(location: str) -> bool:
    """Modules or packages, or a namespace of packages."""
    try:
        names = os.listdir(location)
    except OSError:
        return False
    if _is_package(location):
        return False
    inner = (os.path.join(location, name) for name in names)
    return any(name.endswith(".py") for name in names) or any(
        _is_package(each) or any(_is_package(os.path.join(each, below)) for below in _folders(each)) for each in inner
    )


@cache
def _is_package(location: str) -> bool:
    return os.path.isfile(os.path.join(location, "__init__.py"))


def _folders(location: str) -> list[str]:
    try:
        with os.scandir(location) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return []


def _deeper(location: str, folder: ProjectFolder) -> bool:
    """Whether a project of its own, further down, has this folder."""
    while len(location) > len(folder.location):
        if location in folder.project.finder.declaring:
            return True
        location = os.path.dirname(location)
    return False
