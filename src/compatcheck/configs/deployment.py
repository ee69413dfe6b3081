"""What a deployment file says of itself in several places: columns, tables, names, secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compatcheck.configs.document import Document, Path, shown
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.text import nearest, shown_short

_TABLES: Path = ("database", "tables")
_SECRET_KEYS = ("url_secret", "password_secret")


def check_deployment(document: Document) -> Iterator[Found]:
    """The whole file, or one environment's."""
    tables = mapping_at(document.value, _TABLES)
    for name, table in tables.items():
        if isinstance(table, dict):
            yield from _check_table(document, name, table, tables)
    yield from _unique_indexes(document, tables)
    yield from _check_secrets(document)


def check_production(document: Document, name: str) -> Iterator[Found]:
    """What production must not have."""
    app, database = mapping_at(document.value, ("app",)), mapping_at(document.value, ("database",))
    for wrong, path in (
        (app.get("debug") is True, ("app", "debug")),
        (database.get("ssl") is False, ("database", "ssl")),
    ):
        if wrong:
            found = "true" if path[-1] == "debug" else "false"
            yield _at(document, "unsafe-production", path, {"path": f"`{shown(path)}`", "found": found, "name": name})


def mapping_at(value: Any, path: Path) -> Mapping[str, Any]:
    """The mapping at a path, or an empty one."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _check_table(document: Document, name: str, table: dict[str, Any], tables: Mapping[str, Any]) -> Iterator[Found]:
    path = (*_TABLES, name)
    columns: dict[str, Path] = {}
    for index, column in enumerate(_list(table.get("columns"))):
        here = (*path, "columns", index, "name")
        if isinstance(column, dict) and isinstance(column.get("name"), str):
            if column["name"] in columns:
                line = str(document.span(columns[column["name"]]).line)
                words = {"table": shown_short(name), "column": shown_short(column["name"]), "line": line}
                yield _at(document, "duplicate-column", here, words)
            columns.setdefault(column["name"], here)
    for where, used in _uses(table, path):
        if used not in columns:
            yield _unknown_column(document, where, name, used, columns)
    for index, key in enumerate(_list(table.get("foreign_keys"))):
        if isinstance(key, dict) and isinstance(key.get("references"), dict):
            yield from _check_references(document, (*path, "foreign_keys", index), key, tables)


def _uses(table: dict[str, Any], path: Path) -> Iterator[tuple[Path, str]]:
    """The places where a table names columns of its own."""
    groups: list[tuple[Path, Any]] = [((*path, "primary_key"), table.get("primary_key"))]
    groups += [((*path, "unique", index), group) for index, group in enumerate(_list(table.get("unique")))]
    for key in ("indexes", "foreign_keys"):
        for index, entry in enumerate(_list(table.get(key))):
            if isinstance(entry, dict):
                groups.append(((*path, key, index, "columns"), entry.get("columns")))
    for where, group in groups:
        for index, used in enumerate(_list(group)):
            if isinstance(used, str):
                yield (*where, index), used


def _check_references(
    document: Document, path: Path, key: dict[str, Any], tables: Mapping[str, Any]
) -> Iterator[Found]:
    references = key["references"]
    target = references.get("table")
    if not isinstance(target, str):
        return
    if target not in tables:
        near = nearest(target, tables)
        instead = f"Did you mean `{near}`?" if near else None
        yield _at(document, "unknown-table", (*path, "references", "table"), {"table": shown_short(target)}, instead)
        return
    table = tables[target] if isinstance(tables[target], dict) else {}
    columns = [column.get("name") for column in _list(table.get("columns")) if isinstance(column, dict)]
    theirs = _list(references.get("columns"))
    for index, used in enumerate(theirs):
        if isinstance(used, str) and used not in columns:
            here = (*path, "references", "columns", index)
            yield _unknown_column(document, here, target, used, dict.fromkeys(map(str, columns), ()))
    if theirs and len(theirs) != len(_list(key.get("columns"))):
        words = {
            "path": f"`{shown((*path, 'references', 'columns'))}`",
            "expected": f"a list of {len(_list(key.get('columns')))}, as many as `columns`",
            "found": f", and is one of {len(theirs)}",
        }
        yield _at(document, "wrong-value", (*path, "references", "columns"), words)


def _unknown_column(document: Document, path: Path, table: str, used: str, columns: Mapping[str, Any]) -> Found:
    near = nearest(used, columns)
    instead = f"Did you mean `{near}`?" if near else None
    return _at(document, "unknown-column", path, {"table": shown_short(table), "column": shown_short(used)}, instead)


def _unique_indexes(document: Document, tables: Mapping[str, Any]) -> Iterator[Found]:
    """Names of indexes are unique in the whole schema."""
    seen: dict[str, Path] = {}
    for name, table in tables.items():
        for index, entry in enumerate(_list(table.get("indexes")) if isinstance(table, dict) else []):
            told = entry.get("name") if isinstance(entry, dict) else None
            here = (*_TABLES, name, "indexes", index, "name")
            if isinstance(told, str) and told in seen:
                words = {"what": "the index", "name": shown_short(told), "line": str(document.span(seen[told]).line)}
                yield _at(document, "duplicate-name", here, words)
            elif isinstance(told, str):
                seen[told] = here


def _check_secrets(document: Document) -> Iterator[Found]:
    """Secrets that are used by name must be declared."""
    declared = mapping_at(document.value, ("secrets",))
    for path, name in _used_secrets(document.value):
        if name not in declared:
            near = nearest(name, declared)
            instead = f"Did you mean `{near}`?" if near else None
            words = {"name": shown_short(name), "file": "`secrets`"}
            yield _at(document, "undeclared-secret", path, words, instead)


def _used_secrets(value: Any) -> Iterator[tuple[Path, str]]:
    for key in _SECRET_KEYS:
        name = mapping_at(value, ("database",)).get(key)
        if isinstance(name, str):
            yield ("database", key), name
    for index, channel in enumerate(_list(mapping_at(value, ("notifications",)).get("channels"))):
        if isinstance(channel, dict) and isinstance(channel.get("url_secret"), str):
            yield ("notifications", "channels", index, "url_secret"), channel["url_secret"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _at(document: Document, rule: str, path: Path, words: Mapping[str, str], instead: str | None = None) -> Found:
    span = document.span(path)
    return Found(rule, span, words, masked(document.text.line(span.line)), shown(path), instead=instead)
