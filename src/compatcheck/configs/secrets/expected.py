"""Values of variables, which are text, against schemas; the answers never quote a value."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema import FormatChecker, ValidationError

_WORDS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
_INTEGER = re.compile(r"[+-]?\d{1,40}")
_URL = re.compile(
    r"[a-zA-Z][a-zA-Z0-9+.-]*://(?=[^\s?#])(?:[^\s/?#]+@)?(?:[\w.-]+|\[[0-9a-fA-F:.]+\])?(?::\d{1,5})?(?:,[\w.:-]+)*(?:[/?#]\S*)?"
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HOST = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?)*\.?"
)
_FORMATS = {"url": _URL, "uri": _URL, "email": _EMAIL, "uuid": _UUID, "hostname": _HOST}
_NAMES = {
    "url": "an address such as `https://host/path`", "uri": "an address such as `https://host/path`",
    "email": "a mail address", "uuid": "a UUID", "hostname": "a host's name", "json": "JSON",
    "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`", "object": "a JSON object",
    "array": "a JSON list", "string": "text", "null": "empty",
}  # fmt: skip
# Longer values are not tried against patterns that the checked project brings.
LONGEST = 512


def expectations(value: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """What the schema asks of a variable that the value is not, in words for "must be …"."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError:
        yield "described by a valid JSON Schema"
        return
    if "pattern" in schema and len(value) > LONGEST:
        yield f"at most {LONGEST} characters to be compared with its pattern"
        return
    validator = Draft202012Validator(dict(schema), format_checker=_checker())
    errors = sorted(validator.iter_errors(_meant(value, schema.get("type"))), key=lambda error: str(error.validator))
    yield from dict.fromkeys(map(_expected, errors))


def _meant(value: str, types: object) -> object:
    """The text as the type that the schema asks for; as text where it is no such thing."""
    for kind in types if isinstance(types, list) else [types]:
        if kind == "integer" and _INTEGER.fullmatch(value.strip()):
            return int(value)
        if kind == "number" and (number := _number(value)) is not None:
            return number
        if kind == "boolean" and value.strip().lower() in _WORDS:
            return _WORDS[value.strip().lower()]
        if kind in ("object", "array") and (parsed := _json(value)) is not None:
            return parsed
    return value


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if number == number and abs(number) != float("inf") else None


def _json(value: str) -> object:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


@cache
def _checker() -> FormatChecker:
    from jsonschema import FormatChecker

    checker = FormatChecker(formats=())
    for name, pattern in _FORMATS.items():
        checker.checks(name)(
            lambda value, pattern=pattern: not isinstance(value, str) or bool(pattern.fullmatch(value))
        )
    checker.checks("json")(lambda value: not isinstance(value, str) or value == "null" or _json(value) is not None)
    return checker


def _expected(error: ValidationError) -> str:
    wants: Any = error.validator_value
    if error.validator == "type":
        return " or ".join(_NAMES.get(kind, str(kind)) for kind in (wants if isinstance(wants, list) else [wants]))
    if error.validator == "format":
        return _NAMES.get(wants, f"of the format `{wants}`")
    if error.validator == "enum":
        return "one of " + ", ".join(f"`{each}`" for each in wants)
    if error.validator == "const":
        return f"`{wants}`"
    limits = {"minLength": "at least {} characters", "maxLength": "at most {} characters", "minimum": "at least {}",
              "maximum": "at most {}", "exclusiveMinimum": "more than {}", "exclusiveMaximum": "less than {}",
              "pattern": "of the form `{}`", "multipleOf": "a multiple of {}"}  # fmt: skip
    return limits.get(str(error.validator), "as its schema says").format(wants)
