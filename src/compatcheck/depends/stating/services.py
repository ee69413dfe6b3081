"""YAML files of services and tools: Read the Docs, conda, pre-commit, Anvil."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.depends.yaml_tree import Yaml, compose
from compatcheck.model.declared import Declaration, Stated

NAMES = (
    ".readthedocs.yaml",
    ".readthedocs.yml",
    "readthedocs.yml",
    "environment.yml",
    "environment.yaml",
    ".pre-commit-config.yaml",
    "anvil.yaml",
)
_CONDA = re.compile(r"python\s*(?P<operator>[<>=!~]*)\s*(?P<version>\d[\w.*,<>=!~ ]*)\Z")
_ANVIL = re.compile(r"python(?P<version>3\d{1,2})-")


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    document = compose(text)
    if document is None:
        return
    reading = Reading(text, versions)
    if "readthedocs" in text.name:
        yield from _readthedocs(reading, document)
    elif text.name.startswith("environment."):
        yield from _conda(reading, document)
    elif text.name == "anvil.yaml":
        yield from _anvil(reading, document)
    else:
        yield from _hooks(reading, document)


def _readthedocs(reading: Reading, document: Yaml) -> Iterator[Stated]:
    for keys in (("build", "tools", "python"), ("python", "version")):
        if (node := document.at(*keys)) is not None:
            yield from reading.scalar("Read the Docs", "runs", node)


def _conda(reading: Reading, document: Yaml) -> Iterator[Stated]:
    """`python=3.9` of conda is every 3.9."""
    listed = document["dependencies"]
    for node in listed.elements() if listed is not None else ():
        match = _CONDA.match(node.value or "")
        if match is None:
            continue
        start, end = node.range
        at = start + match.start("operator")
        place = reading.text.place(at, end)
        if match["operator"] in ("=", ""):
            version = match["version"].removesuffix(".*")
            place = reading.text.place(start + match.start("version"), start + match.start("version") + len(version))
            yield from reading.version("environment.yml", "runs", version, place)
        elif (found := reading.versions.specifier(match["operator"] + match["version"])) is not None:
            states = reading.versions.of(found)
            yield Declaration("environment.yml", "supports", match["operator"] + match["version"], place, states)


def _hooks(reading: Reading, document: Yaml) -> Iterator[Stated]:
    default = document.at("default_language_version", "python")
    nodes = [default] if default is not None else []
    nodes += [value for node in document.walk() for key, value in node.items() if key.value == "language_version"]
    for node in nodes:
        start, _ = node.range
        if match := re.match(r"(?:python)?([23]\.\d{1,2})(?:\.\d+)?\Z", node.value or ""):
            place = reading.text.place(start + match.start(1), start + match.end(1))
            yield from reading.version("pre-commit", "runs", match[1], place)
        if node.loses_zero:
            yield from (
                each for each in reading.scalar("pre-commit", "runs", node) if not isinstance(each, Declaration)
            )


def _anvil(reading: Reading, document: Yaml) -> Iterator[Stated]:
    """The server side: `server_spec: {base: python310-minimal}`. A client of version 2 is no Python 3 at all."""
    base = document.at("runtime_options", "server_spec", "base")
    if base is not None and (match := _ANVIL.match(base.value or "")):
        start, _ = base.range
        place = reading.text.place(start + match.start("version"), start + match.end("version"))
        yield from reading.version("anvil.yaml", "runs", match["version"], place)
    version = document.at("runtime_options", "server_version")
    if version is not None and (version.value or "").startswith("python2"):
        yield Declaration("anvil.yaml", "runs", version.value or "", version.place, reading.versions.one("2.7"))
