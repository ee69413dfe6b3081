"""Whether git has all that is about to be rewritten: asked of git without its hooks."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence

_SECONDS = 60
_OPTIONS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.untrackedCache=false")


def changed_in_git(root: str, paths: Sequence[str]) -> list[str]:
    """The files at or below the paths that differ from what git has; empty where there is no git tree."""
    git = shutil.which("git")
    if git is None:
        return []
    command = [git, *_OPTIONS, "status", "--porcelain", "-z", "--untracked-files=no", "--", *paths]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, timeout=_SECONDS, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    if done.returncode:
        return []
    return [os.fsdecode(entry[3:]) for entry in done.stdout.split(b"\0") if entry[2:3] == b" "]
