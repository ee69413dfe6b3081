"""The `.env` files of a project and what it declares of its environment, read for the pure checks."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from compatcheck.configs.document import Document
from compatcheck.configs.secrets.contract import Contract, Variable, from_example, from_schema, from_settings, united
from compatcheck.configs.secrets.deployed import Deployed, deployed_secrets, from_deployment
from compatcheck.configs.secrets.dotenv import EnvFile, read_env
from compatcheck.model.source import Unreadable
from compatcheck.project import Project
from compatcheck.project.files import inside, read_if_there, shown

_EXAMPLES = (".example", ".sample", ".template", ".dist")
_DEPLOYMENTS = ("anvil.yaml", "anvil.yaml.example")
_SECTIONS = frozenset({"app", "environments", "deployment"})  # decisive for a deployment file
_SCHEMA = ".env.schema.json"
_LARGEST = 1 << 20


def is_env_name(name: str) -> bool:
    """Whether a file of that name holds assignments: `.env`, `.env.production`, `.env.example`."""
    return name == ".env" or (name.startswith(".env.") and not name.endswith((".json", ".md", ".py", "~", ".swp")))


def is_example(name: str) -> bool:
    """Whether an `.env` file is one that is committed."""
    return name.endswith(_EXAMPLES)


@dataclass
class EnvFolder:
    """One folder with `.env` files. `path` is how reports name it; files by their names."""

    project: Project
    location: str
    unreadable: list[Unreadable] = field(default_factory=list)
    data: dict[str, bytes] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """A file of the folder as reports name it."""
        return shown(os.path.join(self.location, name), self.project.root)

    @cached_property
    def files(self) -> dict[str, EnvFile]:
        """The files that can be read, parsed."""
        found = {}
        for name in sorted(filter(is_env_name, _names(self.location))):
            data = self._read(name)
            read = read_env(data) if data is not None else "cannot be read"
            if isinstance(read, str):
                self.unreadable.append(Unreadable(self.path(name), read))
            else:
                found[name], self.data[name] = read, data or b""
        return found

    @cached_property
    def contract(self) -> Contract:
        """What settings, a schema and examples declare for this folder."""
        examples = [from_example(env, self.path(name)) for name, env in self.files.items() if is_example(name)]
        deployed = from_deployment(self.secrets, self.path(self.deployment_name or ""))
        return united(self._settings(), self._schema(), *examples, deployed)

    @cached_property
    def deployment_name(self) -> str | None:
        """The deployment file of the folder, or its example."""
        return next((name for name in _DEPLOYMENTS if self.document(name) is not None), None)

    @cached_property
    def secrets(self) -> list[Deployed]:
        """What the deployment file names."""
        document = self.document(self.deployment_name) if self.deployment_name is not None else None
        return deployed_secrets(document) if document is not None else []

    def document(self, name: str) -> Document | None:
        """A deployment file, parsed; None for what is none. What is wrong with it is for another check to say."""
        data = self._read(name)
        if data is None:
            return None
        from compatcheck.configs.reading import read_document

        document = read_document(name, data).document
        is_one = document is not None and isinstance(document.value, dict) and _SECTIONS & document.value.keys()
        return document if is_one else None

    def _settings(self) -> Iterator[Variable]:
        scope = self.project.finder.of(self.location)
        origin, _, line = scope.origins.get("env", "").rpartition(":")
        yield from from_settings(scope.settings.env, origin or line or "the settings")

    def _schema(self) -> Sequence[Variable]:
        asked = self.project.finder.of(self.location).settings.env_schema
        name = asked or _SCHEMA
        data = self._read(name)
        if data is None:
            if asked:
                self.unreadable.append(Unreadable(self.path(name), "there is no such schema in the project"))
            return ()
        try:
            schema = json.loads(data)
            if not isinstance(schema, dict):
                raise ValueError("no JSON object")
            return list(from_schema(schema, self.path(name)))
        except (ValueError, RecursionError) as error:
            self.unreadable.append(Unreadable(self.path(name), f"no JSON Schema of variables: {error}"))
            return ()

    def _read(self, name: str) -> bytes | None:
        location = os.path.realpath(os.path.join(self.location, name))
        return read_if_there(location, _LARGEST) if inside(location, self.project.root) else None


def env_folders(project: Project, places: Sequence[str]) -> list[EnvFolder]:
    """The root and the given folders (absolute) that hold `.env` files, a schema of them, or settings about them."""
    return [EnvFolder(project, location) for location in sorted({project.root, *places}) if _matters(project, location)]


def _matters(project: Project, location: str) -> bool:
    settings = project.finder.of(location).settings
    return bool(settings.env or settings.env_schema) or any(
        is_env_name(name) or name in (_SCHEMA, *_DEPLOYMENTS) for name in _names(location)
    )


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
