"""pyproject.toml and Pipfile: the project's dependencies, extras and groups; poetry's, PDM's, uv's and pipenv's too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from compatcheck.depends.needing.asking import required
from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import Key, Toml
from compatcheck.depends.versions import poetry_specifiers
from compatcheck.model.declared import Hidden, Needed, Required

NAMES = ("pyproject.toml", "Pipfile")


def read(text: Text) -> Iterator[Needed]:
    toml = Toml(text)
    if text.name == "Pipfile":
        for key, group in (("packages", ""), ("dev-packages", "dev")):
            yield from _table(toml, (key,), "Pipfile", group)
        return
    yield from _listed(toml, ("project", "dependencies"), "")
    for name in toml.table("project", "optional-dependencies"):
        yield from _listed(toml, ("project", "optional-dependencies", name), f"extra {name}")
    for above in (("dependency-groups",), ("tool", "pdm", "dev-dependencies")):
        for name in toml.table(*above):
            yield from _listed(toml, (*above, name), f"group {name}")
    yield from _listed(toml, ("tool", "uv", "dev-dependencies"), "group dev")
    yield from _poetry(toml)
    dynamic = [value for _, value in toml.strings("project", "dynamic")]
    if "dependencies" in dynamic:
        yield Hidden("pyproject.toml")


def _listed(toml: Toml, key: tuple[str, ...], group: str) -> Iterator[Needed]:
    for where, value in toml.strings(*key):
        yield required(value, "pyproject.toml", toml.place(*where), group)


def _poetry(toml: Toml) -> Iterator[Needed]:
    above = ("tool", "poetry")
    yield from _table(toml, (*above, "dependencies"), "pyproject.toml", "")
    yield from _table(toml, (*above, "dev-dependencies"), "pyproject.toml", "group dev")
    for name in toml.table(*above, "group"):
        yield from _table(toml, (*above, "group", name, "dependencies"), "pyproject.toml", f"group {name}")


def _table(toml: Toml, key: tuple[str, ...], source: str, group: str) -> Iterator[Required]:
    """`name = "^1.0"`, `name = {version = …, markers = …}`, or a list of such tables."""
    for name, value in toml.table(*key).items():
        if name == "python":
            continue
        for at, one in enumerate(value) if isinstance(value, list) else ((None, value),):
            where: Key = (*key, name) if at is None else (*key, name, at)
            if isinstance(one, (str, dict)):
                yield _entry(toml, where, name, one, source, group)


def _entry(toml: Toml, where: Key, name: str, value: str | Mapping[str, Any], source: str, group: str) -> Required:
    table = {"version": value} if isinstance(value, str) else value
    version = str(table.get("version", "*"))
    specifiers = poetry_specifiers(version) or SpecifierSet()
    marks = [f"({marker})" for marker in (table.get("markers"), _python_marker(table)) if isinstance(marker, str)]
    extras = tuple(extra for extra in table.get("extras", ()) if isinstance(extra, str))
    marker = _marker(" and ".join(marks))
    shown = f"{name} {version}"
    return Required(canonicalize_name(name), str(specifiers), marker, extras, shown, source, toml.place(*where), group)


def _python_marker(table: Mapping[str, Any]) -> str | None:
    """Poetry's `python = "<3.11"` of one dependency."""
    value = table.get("python")
    specifiers = poetry_specifiers(value) if isinstance(value, str) else None
    if not specifiers:
        return None
    return " and ".join(f"python_full_version {one.operator} '{one.version}'" for one in specifiers)


def _marker(text: str) -> str | None:
    try:
        return str(Requirement(f"x; {text}").marker) if text else None
    except (InvalidRequirement, InvalidSpecifier):
        return None
