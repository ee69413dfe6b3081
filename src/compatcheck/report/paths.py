"""Paths of a report, which are relative to its root, as someone in another folder would write them."""

from __future__ import annotations

import os
from pathlib import Path


def seen_from(cwd: str | None, root: str, path: str) -> str:
    """The path from `cwd`; as it is when there is no `cwd` or the root is not known."""
    if cwd is None or cwd == root or path.startswith("<") or not Path(root).is_absolute():
        return path
    absolute = str(Path(root, path))
    try:
        relative = os.path.relpath(absolute, cwd)
    except ValueError:  # another drive
        relative = absolute
    return min(relative, absolute, key=len).replace(os.sep, "/")
