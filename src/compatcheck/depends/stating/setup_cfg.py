"""setup.cfg, tox.ini, mypy.ini and .pylintrc: what they state about Python versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.ini_lines import Entry, entries
from compatcheck.depends.stating.braces import names_of
from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Declaration, Place, Stated
from compatcheck.model.runtimes import NO_RUNTIMES

NAMES = ("setup.cfg", "tox.ini", "mypy.ini", ".mypy.ini", ".pylintrc", "pylintrc")
_FACTOR = re.compile(r"(?:py(?P<compact>[23]\d{1,2})|(?P<dotted>[23]\.\d{1,2}))t?\Z")


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    for entry in entries(text):
        yield from _entry(reading, entry)


def _entry(reading: Reading, entry: Entry) -> Iterator[Stated]:
    name, where = reading.text.name, (entry.section, entry.key)
    if not entry.lines:
        return
    if name == "setup.cfg" and where in (("options", "python_requires"), ("options", "python-requires")):
        yield from reading.specifier("python_requires", "supports", entry.value, _whole(reading, entry))
    elif name == "setup.cfg" and where[0] == "metadata" and where[1] in ("classifiers", "classifier"):
        for at, line in entry.lines:
            place = reading.text.place(at, at + len(line.strip()))
            yield from reading.classifier(line, place, _own_line(reading, at))
    elif name == "setup.cfg" and where == ("metadata", "name"):
        yield Declaration("project", "names", entry.value, _whole(reading, entry), NO_RUNTIMES)
    elif where == ("mypy", "python_version"):
        yield from reading.version("mypy python_version", "assumes", entry.value, _whole(reading, entry))
    elif name in (".pylintrc", "pylintrc") and entry.key == "py-version":
        yield from reading.version("pylint py-version", "assumes", entry.value, _whole(reading, entry))
    elif where[0] == "tox" and where[1] in ("envlist", "env_list"):
        yield from _environments(reading, entry)
    elif where[0] in ("bdist_wheel", "wheel") and where[1] == "universal" and entry.value.lower() in ("1", "true"):
        yield Declaration("universal wheel", "builds", "py2.py3", _whole(reading, entry), reading.versions.one("2.7"))


def _environments(reading: Reading, entry: Entry) -> Iterator[Stated]:
    """tox's environments: `py{38,39}-django{4,5}, lint`. Each Python once, at its first place."""
    seen = set[str]()
    for at, line in entry.lines:
        code = line.split("#", 1)[0]
        for name, start, end in names_of(code):
            factor = name.partition("-")[0]
            match = _FACTOR.match(factor)
            if match is None or factor in seen:
                continue
            seen.add(factor)
            value = match["dotted"] or match["compact"]
            yield from reading.version("tox", "tests", value, reading.text.place(at + start, at + end))


def _whole(reading: Reading, entry: Entry) -> Place:
    (start, _), (last, piece) = entry.lines[0], entry.lines[-1]
    return reading.text.place(start, last + len(piece))


def _own_line(reading: Reading, at: int) -> tuple[int, int]:
    text = reading.text.text
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end + 1
