"""What anvil.yaml says in several places of itself: tables, services, startup, users."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from compatcheck.configs.app.layout import App
from compatcheck.configs.document import Path, shown
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.text import nearest, shown_short
from compatcheck.model.rules import Severity

_LIBRARY = ("toolbox", "toolbox_sections", "layouts", "config_schema")
_USERS = "/runtime/services/anvil/users.yml"
_INDEXED = {"b_tree": {"string", "number", "date", "datetime", "bool"}, "trigram": {"string"}, "full_text": {"string"}}


def check_anvil_yaml(app: App) -> Iterator[Found]:
    yield from _startup(app)
    yield from _services(app)
    yield from _users(app)
    for name, table in app.tables.items():
        yield from _table(app, name, table)


def check_client_version(app: App) -> Iterator[Found]:
    """Whether the client is Python 2; for runs that do not look at the code, whose check says it, too."""
    options = app.data.get("runtime_options")
    version = options.get("client_version") if isinstance(options, dict) else None
    if str(version) != "3" and app.has_client:
        cause = "there is no `client_version`" if version is None else f"`client_version` is {str(version)[:20]!r}"
        path = ("runtime_options", "client_version")
        yield at(app, "anvil-python2-client", path, {"cause": cause}, key=True, kind="platform")


def at(app: App, rule: str, path: Path, words: Mapping[str, str], *, key: bool = False, **more: Any) -> Found:
    """A finding at a place of anvil.yaml."""
    span = app.document.span(path, key=key)
    return Found(rule, span, words, masked(app.document.text.line(span.line)), shown(path), **more)


def _startup(app: App) -> Iterator[Found]:
    startup, form = app.data.get("startup"), app.data.get("startup_form")
    module = startup.get("module") if isinstance(startup, dict) else None
    if isinstance(module, str) and isinstance(form, str) and form and module != form:
        words = {"form": shown_short(form), "module": shown_short(module)}
        yield at(app, "conflicting-startup", ("startup_form",), words)
    path: Path = ("startup", "module") if isinstance(startup, dict) else ("startup_form",)
    name = module if isinstance(startup, dict) else form
    if not isinstance(name, str) or not name or name.startswith("form:") or not app.has_client:
        return
    if not app.is_client_name(name):
        place = name.replace(".", "/")
        severity: Severity | None = "warning" if any(app.data.get(key) for key in _LIBRARY) else None
        words = {"module": shown_short(name), "candidates": f"client_code/{place}.py or client_code/{place}/"}
        near = nearest(name, app.forms)
        instead = f"Did you mean `{near}`?" if near else None
        yield at(app, "missing-startup", path, words, severity=severity, instead=instead)


def _services(app: App) -> Iterator[Found]:
    seen: dict[str, Path] = {}
    for index, service in enumerate(app.data.get("services") or []):
        source = service.get("source") if isinstance(service, dict) else None
        path: Path = ("services", index, "source")
        if isinstance(source, str) and source in seen:
            line = str(app.document.span(seen[source]).line)
            yield at(app, "duplicate-service", path, {"service": shown_short(source), "line": line})
        elif isinstance(source, str):
            seen[source] = path


def _users(app: App) -> Iterator[Found]:
    for index, service in enumerate(app.data.get("services") or []):
        config = service.get("server_config") if isinstance(service, dict) else None
        if not isinstance(config, dict) or service.get("source") != _USERS:
            continue
        table, path = config.get("user_table"), ("services", index, "server_config", "user_table")
        if isinstance(table, int) and not isinstance(table, bool):
            words = {"table": f"the table number {table}, which has a meaning in its own account only"}
            yield at(app, "missing-user-table", path, words, severity="info")
        elif isinstance(table, str) and app.table_names is not None and table not in app.table_names:
            yield at(app, "missing-user-table", path, {"table": f"`{shown_short(table)}`, which is not in `db_schema`"})


def _table(app: App, name: str, table: Mapping[str, Any]) -> Iterator[Found]:
    if not name.isidentifier():
        yield at(app, "table-name", ("db_schema", name), {"table": shown_short(name)}, key=True)
    columns = [column if isinstance(column, dict) else {} for column in _list(table.get("columns"))]
    yield from _names(app, name, columns)
    for index, column in enumerate(columns):
        if column.get("type") in ("link_single", "link_multiple") and "target" in column:
            yield from _link(app, name, index, column)
    types = {column.get("name"): column.get("type") for column in columns}
    for index, entry in enumerate(_list(table.get("indexes"))):
        if isinstance(entry, dict) and (why := _unusable(entry, types)):
            words = {"table": shown_short(name), "why": why}
            yield at(app, "unusable-index", ("db_schema", name, "indexes", index, "columns"), words, key=True)


def _names(app: App, table: str, columns: list[dict[str, Any]]) -> Iterator[Found]:
    seen: dict[str, Path] = {}
    in_sql: dict[str, str] = {}
    for index, column in enumerate(columns):
        name, path = column.get("name"), ("db_schema", table, "columns", index, "name")
        if not isinstance(name, str):
            continue
        if name in seen:
            line = str(app.document.span(seen[name]).line)
            words = {"table": shown_short(table), "column": shown_short(name), "line": line}
            yield at(app, "duplicate-column", path, words)
            continue
        seen[name] = path
        sql = re.sub(r"[^a-z0-9]", "_", name.lower())
        other = in_sql.setdefault(sql, name)
        if other != name:
            words = {"column": shown_short(name), "other": shown_short(other), "table": shown_short(table), "name": sql}
            yield at(app, "colliding-columns", path, words)


def _link(app: App, table: str, index: int, column: Mapping[str, Any]) -> Iterator[Found]:
    target = column["target"]
    if target in app.tables:
        return
    told = f"`{shown_short(str(target))}`, which is not in `db_schema`" if target is not None else "no table"
    near = nearest(str(target), app.tables)
    instead = f"Did you mean `{near}`?" if near else None
    words = {"column": shown_short(str(column.get("name"))), "table": shown_short(table), "target": told}
    path: Path = ("db_schema", table, "columns", index, "target")
    yield at(app, "missing-link-target", path, words, instead=instead)


def _unusable(index: Mapping[str, Any], types: Mapping[Any, Any]) -> str:
    columns, kind = _list(index.get("columns")), index.get("type")
    if missing := [str(name) for name in columns if name not in types]:
        return f"there is no column `{shown_short(missing[0])}`"
    if len(columns) != 1:
        return "it is of several columns"
    suited = _INDEXED.get(str(kind), set())
    return "" if not suited or types[columns[0]] in suited else f"a {kind} index is of no use for {types[columns[0]]}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
