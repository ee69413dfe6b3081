"""Files that say one version and little else: .python-version, runtime.txt, .tool-versions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Role, Stated

NAMES = (".python-version", ".python-versions", "runtime.txt", ".tool-versions")
_VERSION = r"(?P<version>[23]\.\d{1,2}(?:\.\d+)?)t?"
# What stands before the version; several versions in one file are what is developed and tested with.
_LINES = {
    "runtime.txt": re.compile(rf"^python-{_VERSION}\s*$", re.MULTILINE),
    ".tool-versions": re.compile(rf"^python\s+{_VERSION}\b", re.MULTILINE),
}
_BARE = re.compile(rf"^[ \t]*(?:cpython-?|cpython@)?{_VERSION}[ \t]*(?:#.*)?$", re.MULTILINE)


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    found = list(_LINES.get(text.name, _BARE).finditer(text.text))
    role: Role = "runs" if len(found) == 1 else "tests"
    for match in found:
        place = text.place(match.start("version"), match.end("version"))
        yield from reading.version(text.name, role, match["version"], place)
