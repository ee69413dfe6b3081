"""TOML files of a project: their data, and the line on which a key stands."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from typing import Any

from compatcheck.project.errors import SettingsError
from compatcheck.project.files import read_bytes

_LIMIT = 4 << 20
_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_PATH = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_LINE = re.compile(rf"^\s*(?:\[\[?\s*(?P<table>{_PATH})\s*\]|(?P<key>{_PATH})\s*=(?P<value>.*))")
_INLINE = re.compile(rf"[{{,]\s*({_PATH})\s*=")


@dataclass(frozen=True)
class Toml:
    """One parsed file; `name` is how mistakes call it."""

    name: str
    text: str
    data: dict[str, Any]

    def table(self, *path: str) -> Any:
        """What stands at the path, or None."""
        value: Any = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def line(self, *path: str) -> int | None:
        """The line (from 1) of a key, or of the table around it."""
        table: tuple[str, ...] = ()
        best, length = None, 0
        for number, line in enumerate(self.text.splitlines(), 1):
            for found in _keys_of(line, table):
                if found == path[: len(found)] and len(found) > length:
                    best, length = number, len(found)
            if (match := _LINE.match(line)) and match["table"]:
                table = _split(match["table"])
        return best


def _keys_of(line: str, table: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The paths that a line names: a table's, or a key's with those of an inline table."""
    match = _LINE.match(line)
    if match is None:
        return []
    if match["table"]:
        return [_split(match["table"])]
    key = (*table, *_split(match["key"]))
    return [key, *((*key, *_split(inner)) for inner in _INLINE.findall(match["value"]))]


def _split(path: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, path))


def read_toml(location: str, name: str) -> Toml | SettingsError:
    """The file at the location, or what is wrong with it. Raises OSError where nothing lies there."""
    text = ""
    try:
        text = read_bytes(location, _LIMIT).decode("utf-8")
        return Toml(name, text, _parse(text))
    except UnicodeDecodeError as error:
        return SettingsError(f"not UTF-8: byte 0x{error.object[error.start]:02x}", name, _line_at(error))
    except (ValueError, RecursionError) as error:
        return SettingsError(f"not valid TOML: {error}", name, _line_in(str(error), text))
    except FileNotFoundError:
        raise
    except OSError as error:
        return SettingsError(f"cannot be read: {error.strerror or 'not a regular file of reasonable size'}", name)


def _parse(text: str) -> dict[str, Any]:
    """Imported here: a run without settings files needs no parser."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text.replace("\r\n", "\n"))


def _line_at(error: UnicodeDecodeError) -> int:
    return error.object.count(b"\n", 0, error.start) + 1


def _line_in(message: str, text: str) -> int | None:
    match = re.search(r"at line (\d+)", message)
    if match is None and "at end of document" in message:
        return len(text.splitlines())
    return int(match[1]) if match else None
