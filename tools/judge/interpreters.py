"""Which Pythons this machine has to judge with: pyenv's, those on PATH, and Pyodide's."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.judge import pyodide

NATIVE_VERSIONS = ("2.7", *(f"3.{minor}" for minor in range(6, 14)))
PROBE = "import platform, sys; sys.stdout.write(platform.python_implementation() + ' ' + platform.python_version())"
PROBE_SECONDS = 20
WORKER = Path(__file__).with_name("worker.py")
PYODIDE_WORKER = pyodide.HERE / "worker.mjs"


@dataclass(frozen=True, slots=True)
class Interpreter:
    version: str
    exact: str
    command: tuple[str, ...]  # of a worker; with a program and a file for its outcome added, of one run
    path: Path
    is_pyodide: bool = False


def find() -> list[Interpreter]:
    """Every judge of this machine, oldest first."""
    pyenv = _pyenv_pythons()
    with ThreadPoolExecutor(len(NATIVE_VERSIONS)) as pool:
        natives = list(pool.map(lambda version: _native(version, pyenv), NATIVE_VERSIONS))
    return [*(found for found in natives if found), *_pyodides()]


def key(version: str) -> tuple[int, ...]:
    """Sorts "3.10" after "3.9"."""
    return tuple(int(part) for part in version.split("."))


def _native(version: str, pyenv: dict[str, Path]) -> Interpreter | None:
    on_path = shutil.which(f"python{version}")
    for path in (pyenv.get(version), Path(on_path) if on_path else None):
        exact = _probe(path) if path else None
        if path and exact and exact.startswith(f"{version}."):
            # -E, -s: nothing of the user's settings; -B: judging leaves no .pyc behind
            return Interpreter(version, exact, (str(path), "-E", "-s", "-B", str(WORKER)), path)
    return None


def _probe(path: Path) -> str | None:
    """The exact version, if that is a CPython which starts."""
    try:
        done = subprocess.run(
            [str(path), "-E", "-s", "-c", PROBE], capture_output=True, text=True, timeout=PROBE_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    implementation, _, exact = done.stdout.partition(" ")
    return exact if done.returncode == 0 and implementation == "CPython" else None


def _pyenv_pythons() -> dict[str, Path]:
    """The newest micro release of each minor version under pyenv's root."""
    root = _pyenv_root()
    if root is None:
        return {}
    newest: dict[str, tuple[int, ...]] = {}
    for folder in root.glob("versions/*"):
        if re.fullmatch(r"\d+\.\d+\.\d+", folder.name):
            exact = key(folder.name)
            minor = f"{exact[0]}.{exact[1]}"
            newest[minor] = max(newest.get(minor, exact), exact)
    binary = "python.exe" if sys.platform == "win32" else "bin/python"
    return {minor: root / "versions" / ".".join(map(str, exact)) / binary for minor, exact in newest.items()}


def _pyenv_root() -> Path | None:
    if os.environ.get("PYENV_ROOT"):
        return Path(os.environ["PYENV_ROOT"])
    pyenv = shutil.which("pyenv")
    if pyenv is None:
        return None
    done = subprocess.run([pyenv, "root"], capture_output=True, text=True, timeout=PROBE_SECONDS)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _pyodides() -> list[Interpreter]:
    node = shutil.which("node") or "node"
    return [
        Interpreter(
            version,
            pyodide.exact_version(package),
            (node, str(PYODIDE_WORKER), str(package), str(WORKER)),
            package,
            is_pyodide=True,
        )
        for version, package in pyodide.packages().items()
    ]
