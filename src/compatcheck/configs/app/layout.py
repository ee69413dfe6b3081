"""The files of an app: where forms and modules lie, in the layout of today and in the older one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from compatcheck.configs.document import Document, Text
from compatcheck.model.problems import CodeFact

CLIENT = ("client_code/", "forms/", "modules/")
SERVER = ("server_code/", "server_modules/")
_FOLDERS = (*CLIENT, *SERVER)
YAML_TEMPLATE, HTML_TEMPLATE = "form_template.yaml", "form_template.html"
CONFLICTS = "CONFLICTS.yaml"
_CODE = (".py",)
_TEMPLATES = (".yaml", ".html")


def is_part(path: str) -> bool:
    """Whether a file, relative to the app's folder, is one that checks of the app look into."""
    return path == CONFLICTS or (path.startswith(_FOLDERS) and path.endswith((*_CODE, *_TEMPLATES)))


@dataclass(frozen=True)
class App:
    """`texts` are the app's modules and templates by their paths in it; `facts` what its modules say.

    `services` maps a service's source to the modules that come with it.
    """

    document: Document
    texts: Mapping[str, str]
    facts: Mapping[str, Sequence[CodeFact]]
    services: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def data(self) -> Mapping[str, Any]:
        return self.document.value if isinstance(self.document.value, dict) else {}

    @cached_property
    def has_client(self) -> bool:
        """Whether the client's code is there at all."""
        return any(path.startswith(CLIENT) for path in self.texts)

    @cached_property
    def code(self) -> dict[str, str]:
        return {path: text for path, text in self.texts.items() if path.endswith(_CODE)}

    @cached_property
    def forms(self) -> dict[str, list[str]]:
        """The templates of each form, by its dotted name, the one that counts first."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.texts):
            if (name := self._form_of(path)) is not None:
                found.setdefault(name, []).append(path)
        return found

    def _form_of(self, path: str) -> str | None:
        stem, _, ending = path.rpartition(".")
        folder = next((folder for folder in CLIENT if path.startswith(folder)), None)
        if folder is None or f".{ending}" not in _TEMPLATES:
            return None
        if stem.endswith("/form_template"):
            stem = stem.removesuffix("/form_template")
        elif f"{stem}.py" not in self.texts and folder == "client_code/":
            return None
        name = stem.removeprefix(folder).replace("/", ".")
        return name or None

    def module_of(self, name: str) -> str | None:
        """The path of a client module by its dotted name; None when there is none."""
        place = name.replace(".", "/")
        for folder in CLIENT:
            for path in (f"{folder}{place}/__init__.py", f"{folder}{place}.py"):
                if path in self.texts:
                    return path
        return None

    def is_client_name(self, name: str) -> bool:
        """Whether a dotted name is a form or a module of the client, with or without the package in front."""
        return any(self.module_of(each) or each in self.forms for each in self.local_names(name))

    def local_names(self, name: str) -> Iterator[str]:
        yield name
        package = self.data.get("package_name")
        if isinstance(package, str) and name.startswith(f"{package}."):
            yield name.removeprefix(f"{package}.")

    @cached_property
    def dependencies(self) -> list[dict[str, Any]]:
        listed = self.data.get("dependencies")
        return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []

    @cached_property
    def service_sources(self) -> list[str]:
        """The sources of the services in use, in order."""
        listed = self.data.get("services")
        each = listed if isinstance(listed, list) else []
        return [str(service["source"]) for service in each if isinstance(service, dict) and "source" in service]

    @cached_property
    def tables(self) -> Mapping[str, Any]:
        """Tables by Python name; those of the older form hold no columns that anyone checks."""
        schema = self.data.get("db_schema")
        if isinstance(schema, dict):
            return {name: table for name, table in schema.items() if isinstance(table, dict)}
        return {}

    @cached_property
    def table_names(self) -> frozenset[str] | None:
        """All tables that code may reach; None when nobody can tell."""
        schema = self.data.get("db_schema")
        if isinstance(schema, dict) and schema:
            return frozenset(schema)
        if isinstance(schema, list) and schema:
            return frozenset(str(each.get("python_name")) for each in schema if isinstance(each, dict))
        return None

    def line(self, path: str, number: int) -> str:
        return Text(self.texts[path]).line(number)
