"""Distributions that fixed code needs, into pyproject.toml: comments and layout stay."""

from __future__ import annotations

import os
from collections.abc import Collection

from compatcheck.fix.changes import Distribution
from compatcheck.fix.refusal import Refused


def with_dependencies(text: str, needs: Collection[Distribution]) -> str:
    """The text of a pyproject.toml that declares what is needed. Raises Refused where it has no place for that."""
    import tomlkit
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name
    from tomlkit.exceptions import ParseError

    try:
        document = tomlkit.parse(text)
    except ParseError as error:
        raise Refused(f"pyproject.toml is no TOML: {error}") from error
    project = document.get("project")
    if project is None or "dependencies" in project.get("dynamic", ()):
        raise Refused("pyproject.toml does not list the project's dependencies")
    listed = project.setdefault("dependencies", tomlkit.array())
    if not isinstance(listed, list):
        raise Refused("project.dependencies in pyproject.toml is no list")
    known = set()
    for entry in listed:
        try:
            required = Requirement(str(entry))
        except InvalidRequirement:
            continue
        known.add((canonicalize_name(required.name), str(required.marker) if required.marker else None))
    several = "\n" in listed.as_string()  # type: ignore[attr-defined]
    for need in sorted(needs, key=lambda one: (one.name, one.marker or "")):
        name = canonicalize_name(need.name)
        if (name, None) not in known and (name, need.marker) not in known:
            listed.append(requirement(need))
    if several:
        listed.multiline(True)  # type: ignore[attr-defined]
    return tomlkit.dumps(document)


def requirement(need: Distribution) -> str:
    """As dependencies say it: `tomli; python_version < "3.11"`."""
    return need.name + (f"; {need.marker}" if need.marker else "")


def nearest_pyproject(root: str, folder: str) -> str | None:
    """The pyproject.toml of a folder's project, inside the root."""
    while True:
        place = os.path.join(folder, "pyproject.toml")
        if os.path.isfile(place):
            return place
        if os.path.realpath(folder) == os.path.realpath(root) or os.path.dirname(folder) == folder:
            return None
        folder = os.path.dirname(folder)
