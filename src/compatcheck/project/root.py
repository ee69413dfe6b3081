"""The root of a run: what paths in reports are relative to, and what settings files may not reach beyond."""

from __future__ import annotations

import os
from collections.abc import Sequence

from compatcheck.project.anvil import APP_FILE
from compatcheck.project.files import folders_up, inside, read_if_there
from compatcheck.project.gitfiles import git_top


def anchor_of(locations: Sequence[str]) -> str:
    """The deepest folder that holds all of the paths; a path that is a folder holds itself."""
    folders = [os.path.realpath(path) if os.path.isdir(path) else os.path.dirname(path) for path in locations]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # several drives
        return folders[0]


def root_of(anchor: str, cwd: str) -> str:
    """The git work tree around the anchor; else the highest folder with settings for us; else the nearest with a
    pyproject.toml or an anvil.yaml; else the working directory if it holds the anchor; else the anchor.

    High ones go first so that a run over a few files names them as a run over everything does.
    """
    if top := git_top(anchor):
        return top
    folders = list(folders_up(anchor, os.path.abspath(os.sep)))
    chosen = next(filter(_has_settings, reversed(folders)), None) or next(filter(_is_project, folders), None)
    return chosen or (cwd if inside(anchor, cwd) else anchor)


def _has_settings(folder: str) -> bool:
    if os.path.isfile(os.path.join(folder, "compatcheck.toml")):
        return True
    return b"tool.compatcheck" in (read_if_there(os.path.join(folder, "pyproject.toml"), 4 << 20) or b"")


def _is_project(folder: str) -> bool:
    return any(os.path.isfile(os.path.join(folder, name)) for name in ("pyproject.toml", APP_FILE))
