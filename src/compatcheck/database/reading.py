"""A configuration of either dialect to a Schema; what is wrong with it, with its place."""

from __future__ import annotations

from typing import Any

from compatcheck.configs.document import Document
from compatcheck.configs.environments import merged
from compatcheck.configs.found import Found
from compatcheck.configs.reading import read_document
from compatcheck.database.anvil import anvil_schema
from compatcheck.database.deployment import Path, Reader
from compatcheck.database.migrations import Mistake
from compatcheck.database.schema import Schema

_DEPLOYMENT = frozenset({"app", "database", "environments", "deployment"})


class BadFile(Exception):
    """A configuration from which no tables can be made: every mistake."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def read_schema(name: str, data: bytes, environment: str | None = None) -> Schema:
    """The tables of a file, of one environment where it has them. Raises BadFile."""
    parsed = read_document(name, data)
    if parsed.document is None:
        raise BadFile([_told(name, found) for found in parsed.found])
    document = _of(name, parsed.document, environment)
    mistakes: list[Mistake] = []

    def tell(path: Path, message: str, offset: int | None) -> None:
        mistakes.append(Mistake(name, message, *_place(document, path, offset)))

    value = document.value if isinstance(document.value, dict) else {}
    if _DEPLOYMENT & value.keys():
        database = value.get("database")
        schema = Reader(tell).schema(database if isinstance(database, dict) else {})
    else:
        schema = anvil_schema(value.get("db_schema"), tell)
    if not mistakes and not schema.tables and not schema.functions:
        mistakes.append(Mistake(name, "it describes no tables: `database` or `db_schema` is missing or empty"))
    if mistakes:
        raise BadFile(mistakes)
    return schema


def _place(document: Document, path: Path, offset: int | None) -> tuple[int, int]:
    """Line and column of a character of a value, whichever way YAML writes the value."""
    span = document.span(path)
    written = document.text.line(span.line)[span.column - 1 :]
    value: Any = document.value
    for step in path if offset is not None else ():
        value = value[step]
    if offset is None or not isinstance(value, str):
        return span.line, span.column
    if not written.startswith(("|", ">")):
        return span.line, span.column + offset + written.startswith(("'", '"'))
    before = value[:offset]
    line = span.line + 1 + before.count("\n")
    first = document.text.line(span.line + 1)
    indent = len(first) - len(first.lstrip(" "))
    return line, indent + len(before) - (before.rfind("\n") + 1) + 1


def _of(name: str, document: Document, environment: str | None) -> Document:
    if environment is None:
        return document
    documents = merged(document, ("database",))
    if environment not in documents:
        known = ", ".join(documents) or "none"
        raise BadFile([Mistake(name, f"there is no environment {environment!r}; known are {known}")])
    return documents[environment]


def _told(name: str, found: Found) -> Mistake:
    what = found.words.get("problem") or found.rule.replace("-", " ")
    return Mistake(name, what, found.span.line if found.span else None, found.span.column if found.span else None)
