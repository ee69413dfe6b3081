"""Which modules are the project's own, by what lies on the disk: the same for a run over one file as over all."""

from __future__ import annotations

import os
from functools import cache

from compatcheck.project.files import folders_up, inside

_SUFFIXES = (".py", ".pyi", ".pyx", ".pyd", ".so", ".c", ".cpp", ".rs")


class OwnModules:
    """Modules that code of a project may import from the project itself: from the folders around the code, and from
    those below the project's folder and the root.
    """

    def __init__(self, root: str, location: str) -> None:
        self._root = root
        places = {root, location or root}
        places |= {os.path.join(place, name) for place in list(places) for name in _names(place)[1]}
        self._near = frozenset(name for place in places for name in _names(place)[0])

    def has(self, top: str, path: str) -> bool:
        folder = os.path.dirname(os.path.join(self._root, path))
        above = folders_up(folder, self._root) if inside(folder, self._root) else [folder]
        return top in self._near or any(top in _names(place)[0] for place in above)


@cache
def _names(location: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The importable names in a folder, and its folders."""
    names, folders = set[str](), list[str]()
    try:
        with os.scandir(location) as entries:
            for entry in entries:
                if entry.is_dir() and entry.name[:1] not in "._":
                    folders.append(entry.name)
                    names.add(entry.name)
                elif entry.is_dir() or entry.name.endswith(_SUFFIXES):
                    names.add(entry.name.partition(".")[0])
    except OSError:
        return frozenset(), ()
    return frozenset(names), tuple(folders)
