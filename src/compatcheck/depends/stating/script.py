"""Scripts that carry their own requirements (PEP 723): the versions that they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import Toml
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Stated

MARK = b"# /// script"
# The specification's own expression.
_BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")


def block_of(text: Text) -> Toml | None:
    """The script block as TOML, at the offsets that it has in the file. Raises ValueError for what is no TOML.

    The marks of the comment are blanked out.
    """
    found = [match for match in _BLOCK.finditer(text.text) if match["type"] == "script"]
    if len(found) != 1:
        return None
    start, end = found[0].span("content")
    before = re.sub(r"[^\n]", " ", text.text[:start])
    inside = re.sub(r"(?m)^#", " ", text.text[start:end])
    blanked = Text(text.path, (before + inside).encode("utf-8", "surrogatepass"))
    return Toml(blanked)


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    toml = block_of(text)
    value = toml.string("requires-python") if toml is not None else None
    if toml is not None and value is not None:
        place = text.place(*toml.range("requires-python"))
        yield from Reading(text, versions).specifier("script's requires-python", "supports", value, place)
