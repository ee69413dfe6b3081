"""pyproject.toml, ruff.toml and mypy's own file formats of the same: what they state about Python versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import Key, Toml
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Blank, Declaration, Role, Stated
from compatcheck.model.runtimes import NO_RUNTIMES

NAMES = ("pyproject.toml", "ruff.toml", ".ruff.toml", "tox.toml")
_SUPPORTED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("requires-python", ("project", "requires-python")),
    ("poetry's python", ("tool", "poetry", "dependencies", "python")),
    ("requires-python", ("tool", "flit", "metadata", "requires-python")),
)
# What each tool's setting is called, and where it stands; a list's lowest counts.
_ASSUMED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff target-version", ("tool", "ruff", "target-version")),
    ("black target-version", ("tool", "black", "target-version")),
    ("mypy python_version", ("tool", "mypy", "python_version")),
    ("pyright pythonVersion", ("tool", "pyright", "pythonVersion")),
    ("basedpyright pythonVersion", ("tool", "basedpyright", "pythonVersion")),
    ("pylint py-version", ("tool", "pylint", "main", "py-version")),
    ("pylint py-version", ("tool", "pylint", "MASTER", "py-version")),
    ("ty python-version", ("tool", "ty", "environment", "python-version")),
)


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    toml = Toml(text)
    if text.name.endswith("ruff.toml"):
        yield from _version(reading, toml, "ruff target-version", ("target-version",))
        return
    if text.name == "tox.toml":
        yield from _list(reading, toml, "tox", "tests", ("env_list",))
        return
    yield from _supports(reading, toml)
    yield from _classifiers(reading, toml)
    for source, key in _ASSUMED:
        yield from _version(reading, toml, source, key)
    yield from _tested(reading, toml)


def _supports(reading: Reading, toml: Toml) -> Iterator[Stated]:
    for above in (("project",), ("tool", "poetry")):
        if name := toml.string(*above, "name"):
            yield Declaration("project", "names", name, toml.place(*above, "name"), NO_RUNTIMES)
    if "requires-python" in [value for _, value in toml.strings("project", "dynamic")]:
        yield Blank("requires-python", "supports")
    for source, key in _SUPPORTED:
        if (value := toml.string(*key)) is not None:
            yield from reading.specifier(source, "supports", value, toml.place(*key), poetry="poetry" in key)


def _classifiers(reading: Reading, toml: Toml) -> Iterator[Stated]:
    for above in (("project",), ("tool", "poetry"), ("tool", "flit", "metadata")):
        for key, value in toml.strings(*above, "classifiers"):
            yield from reading.classifier(value, toml.place(*key), toml.item(*key))


def _version(reading: Reading, toml: Toml, source: str, key: tuple[str, ...]) -> Iterator[Stated]:
    value = toml.get(*key)
    if isinstance(value, (str, float)):
        yield from reading.version(source, "assumes", str(value), toml.place(*key))
    yield from _list(reading, toml, source, "assumes", key)


def _list(reading: Reading, toml: Toml, source: str, role: Role, key: tuple[str, ...]) -> Iterator[Stated]:
    value = toml.get(*key)
    for number, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            where: Key = (*key, number)
            yield from reading.version(source, role, item.split("-")[0], toml.place(*where), toml.item(*where))


def _tested(reading: Reading, toml: Toml) -> Iterator[Stated]:
    yield from _list(reading, toml, "tox", "tests", ("tool", "tox", "env_list"))
    for name, environment in toml.table("tool", "hatch", "envs").items():
        matrices = environment.get("matrix") if isinstance(environment, dict) else None
        for number, matrix in enumerate(matrices if isinstance(matrices, list) else ()):
            for variable in ("python", "py"):
                value = matrix.get(variable) if isinstance(matrix, dict) else None
                for at, item in enumerate(value if isinstance(value, list) else ()):
                    key: Key = ("tool", "hatch", "envs", name, "matrix", number, variable, at)
                    if isinstance(item, str):
                        yield from reading.version("hatch", "tests", item, toml.place(*key), toml.item(*key))
    for setting in ("build", "skip"):
        for key, item in toml.strings("tool", "cibuildwheel", setting):
            if setting == "build":
                yield from _built(reading, toml, key, item)


def _built(reading: Reading, toml: Toml, key: Key, value: str) -> Iterator[Stated]:
    """`cp39-* cp310-manylinux*`: what cibuildwheel builds."""
    start, _ = toml.range(*key)
    for match in re.finditer(r"\bcp(\d{2,3})t?(?=-|\s|$)", value):
        place = reading.text.place(start + match.start(), start + match.end())
        yield from reading.version("cibuildwheel", "builds", match[0], place)
