"""One configuration file: its text, its structure, and for the deployment file each of its environments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from compatcheck.configs.credentials import plaintext_credentials
from compatcheck.configs.deployment import check_deployment, check_production
from compatcheck.configs.dialects import Schemas, dialect_of
from compatcheck.configs.document import Document
from compatcheck.configs.environments import check_environments
from compatcheck.configs.found import Found
from compatcheck.configs.reading import Parsed
from compatcheck.configs.schema import Retrieve, check_value, no_others

_STRUCTURE = frozenset({"wrong-type", "wrong-value"})
_TEXT = frozenset({"yaml-tag", "oversized-config", "unparsable-config"})


@dataclass(frozen=True)
class Checked:
    """What was found in a file; `dialect` is the schema that it was held against."""

    found: tuple[Found, ...]
    document: Document | None = None
    dialect: str | None = None


def check_file(parsed: Parsed, schemas: Schemas) -> Checked:
    """A file of one of our dialects; with one schema it is of that one."""
    if parsed.document is None:
        return Checked(parsed.found)
    document = parsed.document
    dialect, foreign, mixture = next(iter(schemas)), tuple[str, ...](), tuple[Found, ...]()
    if len(schemas) > 1:
        dialect, foreign, mixture = dialect_of(document, schemas)
    schema = schemas[dialect]
    if dialect == "deployment":
        structure = (
            *_missing_sections(document, schema),
            *check_environments(document, lambda name, each: _whole(name, each, schema), schema["properties"]),
        )
    else:
        structure = tuple(check_value(document, schema))
    structure = tuple(each for each in structure if not (each.rule == "unknown-key" and each.symbol in foreign))
    credentials = plaintext_credentials(document)
    return Checked(_without_echoes((*parsed.found, *mixture, *structure, *credentials)), document, dialect)


def check_against(parsed: Parsed, schema: Any, retrieve: Retrieve = no_others) -> Checked:
    """Any file against any schema. Raises BadSchema."""
    if parsed.document is None:
        return Checked(parsed.found)
    return Checked(_without_echoes((*parsed.found, *check_value(parsed.document, schema, retrieve))), parsed.document)


def _missing_sections(document: Document, schema: Any) -> Iterable[Found]:
    """Sections belong into the file itself: environments add to them, and do not stand for them."""
    top = {key: value for key, value in schema.items() if key in ("type", "required")}
    return check_value(document, top) if isinstance(document.value, dict) else ()


def _whole(name: str, document: Document, schema: Any) -> Iterable[Found]:
    yield from check_value(document, schema)
    yield from check_deployment(document)
    if name.lower().startswith("prod"):
        yield from check_production(document, name)


def _without_echoes(found: tuple[Found, ...]) -> tuple[Found, ...]:
    """One mistake a value: where the structure says what is wrong, that YAML reads the word in its own way is no second
    one; where the text does, that its value does not fit is none.
    """
    structure = {_start(each) for each in found if each.rule in _STRUCTURE}
    text = {_start(each) for each in found if each.rule in _TEXT}
    return tuple(
        each
        for each in found
        if not (each.rule == "ambiguous-scalar" and _start(each) in structure)
        and not (each.rule in _STRUCTURE and _start(each) in text)
    )


def _start(found: Found) -> tuple[int, int] | None:
    return (found.span.line, found.span.column) if found.span is not None else None
