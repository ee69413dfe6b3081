"""One small project, locked by poetry, uv, PDM and pipenv, each from its own release, in a temporary environment.

Addresses in what they write are replaced: a fixture names no index.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "locks"
PYPROJECT = """\
[project]
name = "locked"
version = "1.0"
requires-python = ">=3.9,<4"
dependencies = ["click>=8", "tomli>=2; python_version < '3.11'", "colorama; sys_platform == 'win32'", "markupsafe==2.1.5"]
"""
PIPFILE = """\
[packages]
click = ">=8"
tomli = {version = ">=2", markers = "python_version < '3.11'"}
colorama = {version = "*", markers = "sys_platform == 'win32'"}
markupsafe = "==2.1.5"
"""
_ADDRESS = re.compile(r"https?://[^\s\"',]+/(?=[^\s\"'/,]*[\"',\s])")
_HOST = re.compile(r"https?://(?!index\.example)[^\s\"'/,]+")
Command = list[str]


def main() -> int:
    """Make every lock file again; the exit code of the process."""
    wanted: Mapping[str, tuple[str, str, str, Callable[[Path], Command]]] = {
        "uv": ("uv", "pyproject.toml", "uv.lock", lambda home: [str(home / "uv"), "lock"]),
        "pylock": ("uv", "pyproject.toml", "pylock.toml", _export),
        "poetry": ("poetry", "pyproject.toml", "poetry.lock", lambda home: [str(home / "poetry"), "lock"]),
        "pdm": ("pdm", "pyproject.toml", "pdm.lock", lambda home: [str(home / "pdm"), "lock"]),
        "pipenv": ("pipenv", "Pipfile", "Pipfile.lock", lambda home: [str(home / "pipenv"), "lock"]),
    }
    chosen = sys.argv[1:] or list(wanted)
    for name in chosen:
        package, source, lock, command = wanted[name]
        with tempfile.TemporaryDirectory() as folder:
            made = _locked(Path(folder), package, source, lock, command)
        target = FIXTURES / name
        target.mkdir(parents=True, exist_ok=True)
        (target / source).write_text(PIPFILE if source == "Pipfile" else PYPROJECT, "utf-8")
        (target / lock).write_text(_neutral(made), "utf-8")
        print(f"{target.name}/{lock}: {len(made)} bytes")
    return 0


def _export(home: Path) -> Command:
    return [str(home / "uv"), "export", "--format", "pylock.toml", "--no-emit-project", "-o", "pylock.toml"]


def _locked(folder: Path, package: str, source: str, lock: str, command: Callable[[Path], Command]) -> str:
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    home = environment / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([str(home / "python"), "-m", "pip", "install", "--quiet", *package.split()], check=True)
    project = folder / "project"
    project.mkdir()
    (project / source).write_text(PIPFILE if source == "Pipfile" else PYPROJECT, "utf-8")
    variables = {**os.environ, "POETRY_VIRTUALENVS_CREATE": "false", "PIPENV_VENV_IN_PROJECT": "1", "HOME": str(folder)}
    index = subprocess.run(
        [str(home / "python"), "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    if index:
        variables |= {"UV_DEFAULT_INDEX": index, "PIPENV_PYPI_MIRROR": index, "PDM_PYPI_URL": index}
    if index and package == "poetry":
        with (project / source).open("a", encoding="utf-8") as file:
            file.write(f'\n[[tool.poetry.source]]\nname = "index"\nurl = "{index}/"\npriority = "primary"\n')
    subprocess.run(command(home), cwd=project, env=variables, check=True, stdin=subprocess.DEVNULL)
    return (project / lock).read_text("utf-8")


def _neutral(text: str) -> str:
    """Without addresses, and without the source that stands for them."""
    text = re.sub(r"\n\[package\.source\]\n(?:[^\n]+\n)+", "\n", text)
    return _HOST.sub("https://index.example", _ADDRESS.sub("https://index.example/", text))


if __name__ == "__main__":
    raise SystemExit(main())
