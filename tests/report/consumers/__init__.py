"""The schemas and readers that others wrote for the formats, from npm, pinned by the lock file here."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_FILES = ("package.json", "package-lock.json", ".npmrc")


@cache
def packages() -> Path:
    """The folder of the packages, brought into the cache on first use. Without npm: a skip, in CI a failure."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return _missing("node and npm are needed")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "compatcheck"
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _FILES)).hexdigest()
    target = base / f"consumers-{digest[:16]}"
    if not target.is_dir():
        base.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=base))
        for name in _FILES:
            shutil.copy(_HERE / name, scratch)
        argv = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(argv, cwd=scratch, capture_output=True, text=True, timeout=300)
        if done.returncode:
            return _missing(f"npm ci failed: {done.stderr}")
        _settle(scratch, target)
    return target / "node_modules"


def _settle(scratch: Path, target: Path) -> None:
    try:
        scratch.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(scratch)


def _missing(why: str) -> Path:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
