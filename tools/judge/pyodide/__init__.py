"""CPython 3.14 and 3.15, which few machines have: npm's `pyodide` under node, pinned by the lock file here."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.judge import folders

HERE = Path(__file__).parent
MANIFESTS = ("package.json", "package-lock.json")
SNAPSHOT = HERE / "snapshot.mjs"
INSTALL_SECONDS = 600


class InstallError(Exception):
    """Pyodide could not be installed; the message says why and what to do."""


def folder() -> Path:
    """One folder for each state of the lock file and the snapshot's script, so that a change installs anew."""
    parts = [*(HERE / name for name in MANIFESTS), SNAPSHOT]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in parts))
    return folders.home() / f"pyodide-{digest.hexdigest()[:16]}"


def packages() -> dict[str, Path]:
    """Version → package folder, for those that are installed and can be run."""
    if shutil.which("node") is None:
        return {}
    return {path.name.removeprefix("python-"): path for path in _packages_in(folder())}


def exact_version(package: Path) -> str:
    """`3.14.2 (pyodide 314.0.7)`, from the package's own description; the running worker confirms it."""
    python = json.loads((package / "pyodide-lock.json").read_text("utf-8"))["info"]["python"]
    pyodide = json.loads((package / "package.json").read_text("utf-8"))["version"]
    return f"{python} (pyodide {pyodide})"


def install() -> Path:
    """Bring the pinned packages into the cache folder; does nothing where they are."""
    target = folder()
    if target.is_dir():
        return target
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise InstallError("node and npm are needed for Python 3.14 and 3.15: install Node.js 18 or newer")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        _npm_ci(npm, Path(scratch))
        for package in _packages_in(Path(scratch)):
            _run(["node", str(SNAPSHOT), str(package)], Path(scratch))
        try:
            Path(scratch).rename(target)
        except OSError:  # another process was first
            if not target.is_dir():
                raise
        else:
            Path(scratch).mkdir()  # for TemporaryDirectory to remove
    return target


def _packages_in(where: Path) -> list[Path]:
    return sorted((where / "node_modules").glob("python-3.*"))


def _npm_ci(npm: str, where: Path) -> None:
    for name in MANIFESTS:
        shutil.copy(HERE / name, where / name)
    _run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], where)


def _run(command: list[str], where: Path) -> None:
    shown = " ".join(command)
    try:
        done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise InstallError(f"{shown} took longer than {INSTALL_SECONDS} s: try again") from error
    if done.returncode:
        raise InstallError(f"{shown} failed:\n{done.stderr.strip()}")
