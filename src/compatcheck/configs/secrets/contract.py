"""What a project declares of its environment: from its settings, a JSON Schema and an example file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from compatcheck.configs.secrets.dotenv import EnvFile

# What a setting's `type` means, as a schema.
TYPES: Mapping[str, Mapping[str, object]] = {
    "string": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "url": {"type": "string", "format": "url"},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535},
    "email": {"type": "string", "format": "email"},
    "uuid": {"type": "string", "format": "uuid"},
    "host": {"type": "string", "format": "hostname"},
    "json": {"type": "string", "format": "json"},
}
_KEYS = {
    "enum": "enum",
    "min-length": "minLength",
    "max-length": "maxLength",
    "minimum": "minimum",
    "maximum": "maximum",
}
_QUANTIFIED = re.compile(r"\)(?:[*+]|\{\d*,)")
_ENDLESS = re.compile(r"(?<!\\)(?:[*+]|\{\d*,\})")
_MOST_ENDLESS = 3


@dataclass(frozen=True)
class Variable:
    """One declared variable. `source` says who declares it; `line` of that file, where it has one."""

    name: str
    source: str
    line: int | None = None
    schema: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True
    secret: bool | None = None


@dataclass(frozen=True)
class Contract:
    """All declared variables by name."""

    variables: Mapping[str, Variable] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.variables)

    @property
    def required(self) -> list[Variable]:
        return [variable for variable in self.variables.values() if variable.required]


def united(*sources: Iterable[Variable]) -> Contract:
    """What several sources declare; the first that names a variable says most about it."""
    variables: dict[str, Variable] = {}
    for source in sources:
        for variable in source:
            known = variables.get(variable.name)
            if known is None:
                variables[variable.name] = variable
            elif not known.schema:
                variables[variable.name] = replace(known, schema=variable.schema)
    return Contract(variables)


def from_settings(declared: Iterable[tuple[str, Any]], source: str) -> Iterator[Variable]:
    """`[tool.compatcheck.env]`: a type's name, or a table of `type`, `enum`, `required`, … by variable."""
    for name, said in declared:
        told = dict(said) if isinstance(said, tuple) else {"type": said}
        schema = dict(TYPES[told.get("type", "string")])
        schema |= {key: told[ours] for ours, key in _KEYS.items() if ours in told}
        if "enum" in schema:
            schema = {"enum": list(schema["enum"])}  # type: ignore[call-overload]  # a tuple, by the settings' schema
        yield Variable(name, source, None, schema, told.get("required", True), told.get("secret"))


def from_example(env: EnvFile, source: str) -> Iterator[Variable]:
    """An example file: every name is needed, but for those in comments."""
    for entry in env.values.values():
        yield Variable(entry.name, source, entry.line)
    for name in sorted(env.commented - env.values.keys()):
        yield Variable(name, source, required=False)


def from_schema(schema: Mapping[str, Any], source: str) -> Iterator[Variable]:
    """A JSON Schema of an object with a property for each variable. Raises ValueError with what is wrong with it."""
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    if not isinstance(properties, dict) or not isinstance(required, list):
        raise ValueError("`properties` must be an object, `required` a list")
    for name, inner in properties.items():
        inner = inner if isinstance(inner, dict) else {}
        pattern = inner.get("pattern")
        if isinstance(pattern, str) and _may_hang(pattern):
            raise ValueError(f"the pattern of `{name}` could take for ever")
        needed = name in required and "default" not in inner
        yield Variable(name, source, None, inner, needed, True if inner.get("writeOnly") else None)
    for name in required:
        if name not in properties:
            yield Variable(str(name), source)


def _may_hang(pattern: str) -> bool:
    """Whether a pattern repeats what repeats itself: the file may come from anyone."""
    return bool(_QUANTIFIED.search(pattern)) or len(_ENDLESS.findall(pattern)) > _MOST_ENDLESS
