"""An environment for an interpreter, with the project installed: uv makes it where there is one, else venv and pip."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from compatcheck.matrix.interpreters import Interpreter
from compatcheck.matrix.processes import Processes

_PACKAGED = ("pyproject.toml", "setup.py", "setup.cfg")
_COPIED_NOT = (
    ".venv", "venv", ".tox", ".nox", "node_modules", "__pycache__", "build", "*.egg-info", ".compatcheck_cache",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
)  # fmt: skip
_UV_OLDEST = (3, 8)
# What would make one Python see another's things.
_STRANGE = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PYTHONSTARTUP")


class NotInstalled(Exception):
    """A step of making the environment failed; the message says which."""


@dataclass(frozen=True)
class Environment:
    """`project` is the copy of the project that everything runs in: versions do not disturb each other, nor the user."""

    interpreter: Interpreter
    folder: Path
    project: Path
    environ: Mapping[str, str]

    @property
    def python(self) -> str:
        return str(self.binaries / ("python.exe" if sys.platform == "win32" else "python"))

    @property
    def binaries(self) -> Path:
        return self.folder / ("Scripts" if sys.platform == "win32" else "bin")

    def program(self, name: str) -> str | None:
        """The program of that name in the environment."""
        return shutil.which(name, path=str(self.binaries))


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what belongs to another Python."""
    return {name: value for name, value in environ.items() if name not in _STRANGE}


class Installer:
    """Makes environments. `log` gets what the tools print."""

    def __init__(self, processes: Processes, seconds: float, log: Path) -> None:
        self._processes = processes
        self._seconds = seconds
        self._log = log

    def make(self, interpreter: Interpreter, root: str, work: Path, environ: Mapping[str, str]) -> Environment:
        """An empty environment, and a copy of the project. Raises NotInstalled."""
        folder = work / "env"
        inside = clean(environ)
        inside["VIRTUAL_ENV"] = str(folder)
        inside["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        made = Environment(interpreter, folder, work / "project", inside)
        inside["PATH"] = os.pathsep.join([str(made.binaries), environ.get("PATH", os.defpath)])
        shutil.copytree(root, made.project, symlinks=True, ignore=shutil.ignore_patterns(*_COPIED_NOT))
        if uv := _uv(interpreter, environ):
            self._run(
                [uv, "venv", "--quiet", "--no-project", "--python", interpreter.path, str(folder)], made, "uv venv"
            )
        else:
            self._run([interpreter.path, "-m", "venv", str(folder)], made, "venv")
        return made

    def install(self, made: Environment, requirements: Sequence[str]) -> None:
        """Raises NotInstalled."""
        if not requirements:
            return
        if uv := _uv(made.interpreter, made.environ):
            self._run([uv, "pip", "install", "--quiet", "--python", made.python, *requirements], made, "uv pip install")
            return
        pip = [made.python, "-m", "pip", "install", "--quiet"]
        if not (made.folder / "upgraded").exists():  # the pip that came along may not know how to build
            self._run([*pip, "--upgrade", "pip"], made, "pip install --upgrade pip")
            (made.folder / "upgraded").touch()
        self._run([*pip, *requirements], made, "pip install")

    def _run(self, argv: Sequence[str], made: Environment, name: str) -> None:
        code = self._processes.run(
            argv, cwd=str(made.project), environ=made.environ, seconds=self._seconds, log=self._log
        )
        if code:
            raise NotInstalled(f"{name} failed with exit code {code}")


def _uv(interpreter: Interpreter, environ: Mapping[str, str]) -> str | None:
    version = tuple(map(int, interpreter.version.split(".")))
    return shutil.which("uv", path=environ.get("PATH", os.defpath)) if version >= _UV_OLDEST else None


def requirements_of(root: str) -> list[str]:
    """What installing the project means: the project itself, else its requirements.txt, else nothing."""
    if any(os.path.isfile(os.path.join(root, name)) for name in _PACKAGED[1:]) or _builds(root):
        return ["."]
    return ["-r", "requirements.txt"] if os.path.isfile(os.path.join(root, "requirements.txt")) else []


def _builds(root: str) -> bool:
    """Whether pyproject.toml is about a package, and not settings of tools only."""
    path = Path(root, _PACKAGED[0])
    if not path.is_file():
        return False
    from tomlkit import parse
    from tomlkit.exceptions import ParseError

    try:
        return bool({"project", "build-system"} & parse(path.read_bytes()).keys())
    except (ParseError, UnicodeDecodeError):
        return True  # pip says what is wrong with it
