"""Which settings exist and what they take: a small reading of rules/schemas/settings.schema.json.

The tests compare its verdicts with jsonschema's, which takes too long to import for every run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from compatcheck.rulebook import rules_folder

Path = tuple[str, ...]
Tell = Callable[[str, Path], None]
Value = str | int | bool | tuple[Any, ...]
_NAMES = {
    "string": "a string",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "object": "a table",
}
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
_TYPES: dict[str, type] = {"string": str, "array": list, "boolean": bool, "integer": int, "object": dict}


@cache
def schema() -> dict[str, Any]:
    """The schema's data."""
    data: dict[str, Any] = json.loads((rules_folder() / "schemas" / "settings.schema.json").read_bytes())
    return data


def accept(raw: Mapping[str, object], tell: Tell, *, from_file: bool) -> dict[str, Value]:
    """The right values of one source, lists as tuples and tables as tuples of pairs; `tell` hears of the wrong ones."""
    known = {key: spec for key, spec in schema()["properties"].items() if from_file or key != "extend"}
    values = {}
    for key, value in raw.items():
        if key not in known:
            tell(_unknown(key, known, from_file), (key,))
        elif not (mistakes := list(_mistakes(value, known[key], (key,)))):
            values[key] = _plain(value, known[key])
        else:
            for message, path in mistakes:
                tell(message, path)
    return values


def _unknown(key: str, known: Mapping[str, object], from_file: bool) -> str:
    from difflib import get_close_matches

    if from_file and key in schema()["x-never-in-files"]:
        return f"{key!r} may not come from a file, which anyone can change: give it on the command line"
    near = get_close_matches(key.replace("_", "-").lower(), known, 1, 0.6)
    return f"unknown key {key!r}" + (f": did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}")


def _mistakes(value: object, spec: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    """What the schema says against a value."""
    name = ".".join(path)
    if "anyOf" in spec:
        yield from _mistakes(value, _branch(value, spec), path)
        return
    if "enum" in spec:
        if value not in spec["enum"]:
            yield f"{name} cannot be {_show(value)}: known are {', '.join(spec['enum'])}", path
        return
    types = spec["type"] if isinstance(spec["type"], list) else [spec["type"]]
    if not any(_is(value, kind) for kind in types):
        yield f"{name} must be {' or '.join(_NAMES[kind] for kind in types)}, not {_show(value)}", path
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _inner(inner, spec, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from ((message, path) for message, _ in _mistakes(item, spec["items"], (*path, str(number))))
    else:
        yield from _out_of_bounds(value, spec, path)


def _branch(value: object, spec: Mapping[str, Any]) -> Mapping[str, Any]:
    """The alternative that is meant, by the value's type; the first where none fits."""
    table = isinstance(value, dict)
    branches: list[Mapping[str, Any]] = spec["anyOf"]
    return next((branch for branch in branches if (branch.get("type") == "object") == table), branches[0])


def _inner(value: object, spec: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    """What the schema of a table says against the value of one of its keys."""
    inner = spec.get("properties", {}).get(path[-1], spec["additionalProperties"])
    if inner is not False:
        yield from _mistakes(value, inner, path)
    else:
        yield f"unknown key {'.'.join(path)!r}; known are {', '.join(spec['properties'])}", path


def _out_of_bounds(value: object, spec: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Path]]:
    name = ".".join(path)
    if isinstance(value, str) and len(value) < spec.get("minLength", 0):
        yield f"{name} must not be empty", path
    elif isinstance(value, int) and value < spec.get("minimum", value):
        yield f"{name} must be at least {spec['minimum']}, not {value}", path


def _is(value: object, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _show(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    kinds = {list: "a list", dict: "a table", str: repr(value)[:60], int: str(value)[:20], float: str(value)}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _plain(value: Any, spec: Mapping[str, Any]) -> Value:
    """Hashable: a lone string where a list may stand becomes a tuple."""
    if "anyOf" in spec:
        return _plain(value, _branch(value, spec))
    if isinstance(value, dict):
        known = spec.get("properties", {})
        return tuple((key, _plain(inner, known.get(key, spec["additionalProperties"]))) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and "array" in spec.get("type", ()):
        return (value,)
    plain: Value = value
    return plain


def from_text(key: str, text: str) -> object:
    """The value that an environment variable's text means for the key; what it cannot mean stays text."""
    spec = schema()["properties"][key]
    types = spec.get("type", "string")
    if types == "boolean":
        return _WORDS.get(text.strip().lower(), text)
    if types == "integer":
        return int(text) if text.strip().isdigit() else text
    if "array" in types:
        return _items(key, text)
    return text.strip()


def _items(key: str, text: str) -> list[str]:
    """Comma-separated; a specifier such as `>=3.8,<3.14` stays one target."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if key != "target":
        return parts
    joined: list[str] = []
    for part in parts:
        if joined and joined[-1][0] in "<>=!~" and part[0] in "<>=!~":
            joined[-1] += f",{part}"
        else:
            joined.append(part)
    return joined
