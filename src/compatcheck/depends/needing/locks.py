"""Lock files: poetry.lock, uv.lock, pdm.lock, pylock.toml and Pipfile.lock, to the versions that they chose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import parse
from compatcheck.model.declared import Locked, Needed, Place

NAMES = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "pylock.*.toml", "Pipfile.lock")
Data = dict[str, Any]
_HEAD = re.compile(r"^\[\[packages?\]\][^\n]*\n(?:(?!\[\[|\[)[^\n]*\n)*?(?P<line>name[ \t]*=[^\n]*)", re.MULTILINE)
_PYTHON_ONLY = re.compile(r"\s*python(?:_full)?_version\s*(<=|>=|<|>|==|!=|~=)\s*['\"]([\d.*]+)['\"]\s*\Z")


def read(text: Text) -> Iterator[Needed]:
    if text.name == "Pipfile.lock":
        yield from _pipfile(text)
        return
    data = parse(text)
    kind = "pylock" if text.name.startswith("pylock") else text.name
    packages = data.get("packages" if kind == "pylock" else "package")
    places = [text.place(*match.span("line")) for match in _HEAD.finditer(text.text)]
    for number, package in enumerate(packages if isinstance(packages, list) else ()):
        if isinstance(package, dict) and isinstance(package.get("name"), str):
            place = places[number] if number < len(places) else text.place(0, 0)
            locked = _KINDS[kind](package, place, data)
            if locked is not None:
                yield locked


def _poetry(package: Data, place: Place, data: Data) -> Locked | None:
    listed = package.get("files") or data.get("metadata", {}).get("files", {}).get(package["name"], [])
    marks = package.get("markers")
    if isinstance(marks, dict):  # by group
        marks = None
    return Locked(
        canonicalize_name(package["name"]),
        str(package.get("version", "")),
        "poetry.lock",
        place,
        package.get("python-versions"),
        marks,
        tuple(each["file"] for each in listed if isinstance(each, dict) and "file" in each),
        tuple(_poetry_needs(package.get("dependencies", {}))),
    )


def _poetry_needs(needs: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name, asked in needs.items():
        for one in asked if isinstance(asked, list) else [asked]:
            yield canonicalize_name(name), one.get("markers") if isinstance(one, dict) else None


def _uv(package: Data, place: Place, data: Data) -> Locked | None:
    source = package.get("source", {})
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    needs = [*package.get("dependencies", [])]
    for extra in ("optional-dependencies", "dev-dependencies"):
        needs += [one for listed in package.get(extra, {}).values() for one in listed]
    own = {"virtual", "editable", "directory"} & source.keys() if isinstance(source, dict) else set()
    return Locked(
        canonicalize_name(package["name"]),
        "" if own else str(package.get("version", "")),
        "uv.lock",
        place,
        None,
        " or ".join(f"({marker})" for marker in package.get("resolution-markers", [])) or None,
        tuple(_file_name(each) for each in files if isinstance(each, dict)),
        tuple((canonicalize_name(one["name"]), one.get("marker")) for one in needs if "name" in one),
    )


def _pdm(package: Data, place: Place, data: Data) -> Locked | None:
    listed = package.get("files") or data.get("metadata", {}).get("files", {}).get(
        f"{package['name']} {package.get('version')}", []
    )
    return Locked(
        canonicalize_name(package["name"]),
        str(package.get("version", "")),
        "pdm.lock",
        place,
        package.get("requires_python"),
        package.get("marker"),
        tuple(_file_name(each) for each in listed if isinstance(each, dict)),
    )


def _pylock(package: Data, place: Place, data: Data) -> Locked | None:
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return Locked(
        canonicalize_name(package["name"]),
        str(package.get("version", "")),
        place.path.rpartition("/")[2],
        place,
        package.get("requires-python"),
        package.get("marker"),
        tuple(_file_name(each) for each in files if isinstance(each, dict)),
    )


_KINDS: Mapping[str, Callable[[Data, Place, Data], Locked | None]] = {
    "poetry.lock": _poetry,
    "uv.lock": _uv,
    "pdm.lock": _pdm,
    "pylock": _pylock,
}


def _file_name(file: Data) -> str:
    named = file.get("file") or file.get("name") or file.get("url") or file.get("path") or ""
    return str(named).partition("#")[0].partition("?")[0].replace("\\", "/").rpartition("/")[2]


def _pipfile(text: Text) -> Iterator[Needed]:
    """pipenv keeps a package's requires-python as a marker: where it is false, the package is left out in silence."""
    try:
        data = json.loads(text.text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    for group in ("default", "develop"):
        packages = data.get(group) if isinstance(data, dict) else None
        for name, entry in packages.items() if isinstance(packages, dict) else ():
            version = entry.get("version") if isinstance(entry, dict) else None
            if isinstance(version, str) and version.startswith("=="):
                marker = entry.get("markers")
                asked = _python_part(marker) if isinstance(marker, str) else None
                yield Locked(
                    canonicalize_name(name),
                    version.lstrip("= "),
                    "Pipfile.lock",
                    _json_place(text, name),
                    asked,
                    None if asked else marker,
                )


def _json_place(text: Text, name: str) -> Place:
    at = text.text.find(f"{json.dumps(name)}: {{")
    return text.place(at + 1, at + 1 + len(name)) if at >= 0 else text.place(0, 0)


def _python_part(marker: str) -> str | None:
    """`python_version >= '3.8'` as a specifier, where the marker says nothing else."""
    parts = [_PYTHON_ONLY.match(part) for part in marker.split(" and ")]
    if not all(parts):
        return None
    return ",".join(f"{part[1]}{part[2]}" for part in parts if part)
