"""INI files as configparser reads them, with places: sections, keys, and values of several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.depends.text import Text

_SECTION = re.compile(r"\[(?P<name>[^\]]+)\]")
_KEY = re.compile(r"(?P<key>[^\s:=#;\[][^:=]*?)\s*[:=]\s*")
_COMMENT = re.compile(r"\s*[#;]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a section; `lines` are the pieces of its value, each with the offset of its first character."""

    section: str
    key: str
    lines: tuple[tuple[int, str], ...]

    @property
    def value(self) -> str:
        return "\n".join(piece for _, piece in self.lines).strip()


def entries(text: Text) -> Iterator[Entry]:
    """Every key, in order. Comments of whole lines are left out."""
    section, key, lines = "", "", list[tuple[int, str]]()
    for start, line in _lines(text):
        stripped = line.strip()
        if not stripped or _COMMENT.match(line):
            continue
        if line[0].isspace() and key:
            lines.append((start + len(line) - len(line.lstrip()), stripped))
            continue
        if key:
            yield Entry(section, key, tuple(lines))
        key, lines = "", []
        if match := _SECTION.match(line):
            section = match["name"]
        elif match := _KEY.match(line):
            key, value = match["key"].lower(), line[match.end() :].rstrip()
            lines = [(start + match.end(), value)] if value else []
    if key:
        yield Entry(section, key, tuple(lines))


def _lines(text: Text) -> Iterator[tuple[int, str]]:
    ends = [*text.starts[1:], len(text.text)]
    for start, end in zip(text.starts, ends, strict=True):
        yield start, text.text[start:end].rstrip("\r\n")
