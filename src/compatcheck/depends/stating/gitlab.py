"""GitLab's pipelines: images of Python, and matrices with a variable that names a Python version."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.docker import image_version
from compatcheck.depends.stating.github import item_of
from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.depends.yaml_tree import Yaml, compose
from compatcheck.model.declared import Stated

NAMES = (".gitlab-ci.yml",)
_VARIABLE = re.compile(r"(?:PYTHON|PY)(?:_?VERSIONS?)?\Z", re.IGNORECASE)


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    document = compose(text)
    for node in document.walk() if document is not None else ():
        for key, value in node.items():
            if key.value == "image":
                yield from _image(reading, value["name"] or value)
            elif _VARIABLE.match(key.value or ""):
                for one in value.elements():
                    yield from reading.scalar("GitLab CI", "tests", one, item_of(text, one))
                yield from reading.scalar("GitLab CI", "tests", value)


def _image(reading: Reading, node: Yaml) -> Iterator[Stated]:
    start, _ = node.range
    if found := image_version(node.value or ""):
        at, version = found
        place = reading.text.place(start + at, start + at + len(version))
        yield from reading.version("GitLab CI", "tests", version, place)
