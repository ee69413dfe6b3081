"""Anvil apps: which side of an app a file belongs to, and what each side runs on. Reads anvil.yaml, and only what it
needs of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compatcheck.project.files import inside, read_if_there

APP_FILE = "anvil.yaml"
CLIENT, SERVER = "anvil-client", "anvil-server"
# The folders of the present layout, and of the old one.
_CLIENT_FOLDERS = frozenset({"client_code", "forms", "modules"})
# An anvil.yaml without any of these is another file of that name: a deployment's, for one.
_DECISIVE = frozenset({"package_name", "services", "runtime_options", "db_schema", "startup_form", "allow_embedding"})
_LARGEST = 16 << 20
_DEEPEST = 6
_BASE = re.compile(r"python(\d)(\d+)(?:-[a-z0-9-]+)?\Z")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
Side = Literal["client", "server", "both"]


@dataclass(frozen=True)
class AnvilApp:
    """An app in a folder: the targets that its two sides run on, and the packages that its code may import.

    `client_version` and `server_version` are what the file says, None where it is silent.
    """

    folder: str
    client: str
    server: str
    package: str | None
    dependencies: frozenset[str]
    client_version: str | None
    server_version: str | None

    def side(self, location: str) -> Side:
        """Where a file of the app runs; what is no code concerns both sides."""
        relative = os.path.relpath(location, self.folder) if inside(location, self.folder) else ""
        if relative.split(os.sep)[0] in _CLIENT_FOLDERS:
            return "client"
        return "server" if relative.endswith((".py", ".pyi", ".pyw")) else "both"

    def targets(self, side: Side, given: tuple[str, ...]) -> tuple[str, ...]:
        """The targets of a side where those of the run are `given`: CPythons judge the server, the client keeps its
        own.
        """
        client = tuple(spec for spec in given if _is(spec, CLIENT)) or (self.client,)
        server = tuple(self.server if spec == SERVER else spec for spec in given if not _is(spec, CLIENT))
        sides = {"client": client, "server": server or (self.server,)}
        return (*sides["client"], *sides["server"]) if side == "both" else sides[side]


def anvil_app(folder: str) -> AnvilApp | None:
    """The app whose anvil.yaml lies in the folder; None when that is none, or cannot be read as one."""
    data = read_if_there(os.path.join(folder, APP_FILE), _LARGEST)
    top = _outline(data) if data is not None else {}
    if not _DECISIVE.intersection(top):
        return None
    options = _mapping(top.get("runtime_options"))
    client, server = options.get("client_version"), options.get("server_version")
    return AnvilApp(
        folder,
        CLIENT if client == "3" else f"{CLIENT}-python2",
        _server(_mapping(options.get("server_spec")).get("base")),
        _text(top.get("package_name")),
        frozenset(_packages(top.get("dependencies"))),
        _text(client),
        _text(server),
    )


def _is(spec: str, family: str) -> bool:
    return spec == family or spec.startswith(f"{family}-")


def _server(base: object) -> str:
    """The target that a server's image is; one that is not known by name counts by its version."""
    match = _BASE.match(base) if isinstance(base, str) else None
    if match is None:
        return f"{SERVER}-python37"
    return f"{SERVER}-{match[0]}" if match[1] + match[2] == "310" else f"{match[1]}.{match[2]}"


def _packages(dependencies: object) -> list[str]:
    found = []
    for dependency in dependencies if isinstance(dependencies, list) else ():
        name = _mapping(_mapping(dependency).get("resolution_hints")).get("package_name")
        found += [name] if isinstance(name, str) else []
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _outline(data: bytes) -> dict[str, Any]:
    """The upper levels of a YAML mapping, scalars as text. Bombs and depth cost nothing: it goes by the parser's events.

    Empty for what is no mapping, no YAML, or more than any hand wrote; the check of the file itself says what is wrong with it.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder()
    try:
        for count, event in enumerate(yaml.parse(data, Loader=loader)):
            if count > _MOST_EVENTS or isinstance(builder.root, list):
                return {}
            if isinstance(event, yaml.events.ScalarEvent):
                builder.put(None if event.implicit[0] and event.value in _NULLS else event.value)
            elif isinstance(event, yaml.events.AliasEvent):
                builder.put(None)
            elif isinstance(event, yaml.events.MappingStartEvent):
                builder.open({})
            elif isinstance(event, yaml.events.SequenceStartEvent):
                builder.open([])
            elif isinstance(event, yaml.events.CollectionEndEvent):
                builder.close()
    except (yaml.YAMLError, UnicodeDecodeError, ValueError):
        return {}
    return builder.root if isinstance(builder.root, dict) else {}


class _Builder:
    """Collections from events, as deep as anything here needs."""

    def __init__(self) -> None:
        self.root: Any = None
        self._open: list[Any] = []
        self._keys: list[Any] = []
        self._deeper = 0

    def open(self, collection: Any) -> None:
        if self._deeper or len(self._open) == _DEEPEST:
            self._deeper += 1
            return
        self.put(collection)
        self._open.append(collection)
        self._keys.append(_NO_KEY)

    def close(self) -> None:
        if self._deeper:
            self._deeper -= 1
            if not self._deeper:
                self.put(None)
        else:
            self._open.pop()
            self._keys.pop()

    def put(self, value: Any) -> None:
        if self._deeper:
            return
        if not self._open:
            self.root = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self._keys[-1] is _NO_KEY:
            self._keys[-1] = value if isinstance(value, str) else None
        else:
            self._open[-1][self._keys[-1]] = value
            self._keys[-1] = _NO_KEY


_NO_KEY = object()
_MOST_EVENTS = 200_000
