"""JSON Schema in words: what stands there, and what may."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from compatcheck.configs.text import listed, shown_short

Schema = Mapping[str, Any]

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "empty",
}


def types_of(schema: Schema) -> str:
    """`text or empty`."""
    types = schema.get("type", [])
    names = [_TYPES.get(name, str(name)) for name in ([types] if isinstance(types, str) else types)]
    return " or ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "something else"


def kind_of(value: Any) -> str:
    """What a value is, as a user would say."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return f"the number {value!r}"
    if isinstance(value, str):
        return "text" if value else "empty text"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, (datetime.date, datetime.datetime)):
        return "a date"
    return "binary data" if isinstance(value, bytes) else "no plain data"


_LIMITS = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters long",
    "maxLength": "at most {} characters long",
    "minItems": "a list of at least {}",
    "maxItems": "a list of at most {}",
    "minProperties": "a mapping of at least {}",
    "maxProperties": "a mapping of at most {}",
    "format": "a valid {}",
    "pattern": "text that matches `{}`",
    "const": "`{}`",
}


def expected(keyword: str, schema: Schema) -> str:
    """What a keyword of a schema asks for; a schema's own words (`x-expected`) come first."""
    own = schema.get("x-expected")
    if isinstance(own, str) and keyword != "type":
        return own
    wanted = schema.get(keyword)
    if keyword == "type":
        return types_of(schema)
    if keyword == "enum" and isinstance(wanted, list):
        return listed(shown_short(_plain(word), 30) for word in wanted[:20]) + (
            " or others" if len(wanted) > 20 else ""
        )
    if keyword == "minLength" and wanted == 1:
        return "text that is not empty"
    if keyword == "uniqueItems":
        return "a list without repetitions"
    return _LIMITS.get(keyword, f"as `{keyword}` of the schema says").format(shown_short(_plain(wanted), 80))


def _plain(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return str(value)
