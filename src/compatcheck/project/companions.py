"""Files that belong to a file of the project: below its folder, without following links."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

_MOST = 20_000  # files of one app
_APART = frozenset({".git", "node_modules", "__pycache__", ".venv", "venv"})


def files_below(folder: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """(path relative to the folder, with `/`; location) of its regular files that are wanted, in order."""
    pending, count = [""], 0
    while pending and count < _MOST:
        prefix = pending.pop()
        try:
            with os.scandir(os.path.join(folder, prefix)) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in listed:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending += [] if entry.name in _APART else [path + "/"]
            elif entry.is_file(follow_symlinks=False) and wanted(path):
                count += 1
                yield path, entry.path
