"""The Python versions that a project itself declares, read without running anything: the default target."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from dataclasses import dataclass

from compatcheck.project.files import read_if_there
from compatcheck.project.toml import Toml, read_toml

DECLARING = ("pyproject.toml", "setup.cfg", "setup.py")
# A literal that is not in a comment; anything computed is nobody's to guess.
_SETUP_PY = re.compile(r"""^[^#\n]*\bpython_requires\s*=\s*(["'])([^"'\n]+)\1\s*(?:[,)#]|$)""", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Declared:
    """A version specifier and where it stands."""

    specifier: str
    origin: str


def declared_in(folder: str, names: Collection[str], show: str) -> Declared | None:
    """What the folder's project files require; `names` are those that may be there, `show` prefixes their names."""
    for name, read in zip(DECLARING, (_pyproject, _setup_cfg, _setup_py), strict=True):
        if name in names and (found := read(os.path.join(folder, name), show + name)):
            return found
    return None


def _pyproject(location: str, name: str) -> Declared | None:
    data = read_if_there(location, 4 << 20)
    if data is None or b"requires-python" not in data:
        return None
    try:
        toml = read_toml(location, name)
    except OSError:
        return None
    value = toml.table("project", "requires-python") if isinstance(toml, Toml) else None
    return _declared(value, f"{name}, requires-python")


def _setup_cfg(location: str, name: str) -> Declared | None:
    data = read_if_there(location)
    if data is None or b"python_requires" not in data:
        return None
    import configparser

    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(data.decode("utf-8", "replace"))
    except configparser.Error:
        return None
    return _declared(parser.get("options", "python_requires", fallback=None), f"{name}, python_requires")


def _setup_py(location: str, name: str) -> Declared | None:
    data = read_if_there(location)
    if data is None or b"python_requires" not in data:
        return None
    match = _SETUP_PY.search(data.decode("utf-8", "replace"))
    return _declared(match[2], f"{name}, python_requires") if match else None


def _declared(value: object, origin: str) -> Declared | None:
    return Declared(value.strip(), origin) if isinstance(value, str) and value.strip() else None
