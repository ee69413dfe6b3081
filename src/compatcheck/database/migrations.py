"""Numbered migrations of a folder: `0001_name.sql` or `0001_name.up.sql`, and `0001_name.down.sql` to go back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from compatcheck.database.parsing import DROPS, BadSql, Caution, cautions

_NAME = re.compile(r"(?P<version>\d{1,18})_(?P<name>[\w.-]+?)(?:\.(?P<way>up|down))?\.sql")


@dataclass(frozen=True, slots=True)
class Script:
    """One file; `file` is how messages call it."""

    file: str
    text: str

    @property
    def checksum(self) -> str:
        """Of the text whatever its line ends."""
        return hashlib.sha256("\n".join(self.text.splitlines()).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Migration:
    version: int
    name: str
    up: Script
    down: Script | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a file; places from 1 where they are known."""

    file: str
    message: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = f":{self.line}:{self.column}" if self.line is not None else ""
        return f"{self.file}{place}: {self.message}"


def migrations_of(files: Mapping[str, str]) -> tuple[list[Migration], list[Mistake]]:
    """The migrations of a folder's `.sql` files by name, in order of their numbers, and what is wrong with their names."""
    ups: dict[int, tuple[str, Script]] = {}
    downs: dict[int, Script] = {}
    wrong = []
    for file, text in sorted(files.items()):
        match = _NAME.fullmatch(file)
        if match is None:
            wrong.append(Mistake(file, "the name of a migration is a number, `_` and words: 0001_create_users.sql"))
            continue
        version, script = int(match["version"]), Script(file, text)
        known = downs.get(version) if match["way"] == "down" else ups.get(version, (None, None))[1]
        if known is not None:
            wrong.append(Mistake(file, f"number {version} is that of {known.file}, too"))
        elif match["way"] == "down":
            downs[version] = script
        else:
            ups[version] = match["name"], script
    for version in sorted(downs.keys() - ups.keys()):
        wrong.append(Mistake(downs[version].file, f"there is no migration {version} to take back"))
    return [Migration(version, name, up, downs.get(version)) for version, (name, up) in sorted(ups.items())], wrong


def mistakes_in(scripts: Iterable[Script]) -> list[Mistake]:
    """What PostgreSQL's parser refuses, and what cannot stand in the one transaction that all of them share."""
    found = []
    for script in scripts:
        try:
            told = cautions(script.text)
        except BadSql as error:
            found.append(_mistake(script, f"no valid SQL: {error}", error.offset))
            continue
        found += [_mistake(script, f"this {one.what}", one.offset) for one in told if one.what != DROPS]
    return found


def drops_in(script: Script) -> list[Mistake]:
    """Statements that lose data. The script parses."""
    return [_mistake(script, "this drops something", one.offset) for one in cautions(script.text) if one.what == DROPS]


def _mistake(script: Script, message: str, offset: int | None) -> Mistake:
    if offset is None:
        return Mistake(script.file, message)
    before = script.text[:offset]
    return Mistake(script.file, message, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


__all__ = ["Caution", "Migration", "Mistake", "Script", "drops_in", "migrations_of", "mistakes_in"]
