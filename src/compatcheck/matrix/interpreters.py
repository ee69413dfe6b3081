"""The CPythons of this machine: those that the user names, and those of PATH, pyenv, uv and the Windows launcher."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from glob import escape, glob

_PROBE = (
    "import platform, sys; sys.stdout.write('\\n'.join("
    "[platform.python_implementation(), platform.python_version(), sys.executable]))"
)
_SECONDS = 60
_FOLDER = re.compile(r"\D*(\d+)\.(\d+)(?:\.(\d+))?")


@dataclass(frozen=True, slots=True)
class Interpreter:
    """`version` is what targets call it ("3.8"), `exact` what it calls itself ("3.8.18")."""

    version: str
    exact: str
    path: str


def asked(path: str) -> Interpreter | None:
    """The interpreter of a path or name; None for what does not start, or is no CPython."""
    return _probed([path])


def found(
    versions: Iterable[str], given: Collection[Interpreter], environ: Mapping[str, str]
) -> dict[str, Interpreter]:
    """An interpreter for each of the versions that there is one of; the given ones go first."""
    named = {one.version: one for one in given}
    wanted = [version for version in versions if version not in named]
    with ThreadPoolExecutor(8) as pool:
        others = dict(zip(wanted, pool.map(lambda version: _first(version, environ), wanted), strict=True))
    every = {**others, **named}
    return {version: one for version in versions if (one := every.get(version)) is not None}


def _first(version: str, environ: Mapping[str, str]) -> Interpreter | None:
    probed = (_probed(command) for command in _candidates(version, environ))
    return next((one for one in probed if one is not None and one.version == version), None)


def _candidates(version: str, environ: Mapping[str, str]) -> Iterator[Sequence[str]]:
    path = environ.get("PATH", os.defpath)
    for name in (f"python{version}", "python3", "python"):
        if there := shutil.which(name, path=path):
            yield [there]
    for folder in _folders(environ):
        yield from ([python] for python in _installed(folder, version))
    if sys.platform == "win32" and (launcher := shutil.which("py", path=path)):
        yield [launcher, f"-{version}"]


def _folders(environ: Mapping[str, str]) -> Iterator[str]:
    """Where pyenv and uv keep a folder for each interpreter."""
    home = os.path.expanduser("~")
    yield os.path.join(environ.get("PYENV_ROOT") or os.path.join(home, ".pyenv"), "versions")
    data = environ.get("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    yield environ.get("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python")


def _installed(folder: str, version: str) -> list[str]:
    """The interpreters of a version below a folder, the newest micro release first."""
    releases = []
    for place in glob(os.path.join(escape(folder), "*")):
        match = _FOLDER.match(os.path.basename(place))
        if match and f"{match[1]}.{match[2]}" == version:
            binary = "python.exe" if sys.platform == "win32" else os.path.join("bin", "python3")
            releases.append((int(match[3] or 0), os.path.join(place, binary)))
    return [path for _, path in sorted(releases, reverse=True) if os.path.exists(path)]


def _probed(command: Sequence[str]) -> Interpreter | None:
    try:
        done = subprocess.run(
            [*command, "-E", "-s", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    implementation, _, rest = done.stdout.partition("\n")
    exact, _, path = rest.partition("\n")
    if done.returncode or implementation != "CPython" or not path:
        return None
    return Interpreter(".".join(exact.split(".")[:2]), exact, path)
