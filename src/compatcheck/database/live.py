"""What a database has, from its catalogue, in PostgreSQL's own words: equal things read equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from psycopg import Connection

from compatcheck.database.statements import path_of

BOOKS = "compatcheck_migrations"  # the table in which applied migrations stand; never part of a comparison

_COLUMNS = """
SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       pg_get_expr(d.adbin, d.adrelid)
  FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
  LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
 WHERE t.relnamespace = to_regnamespace(quote_ident(%s)) AND t.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
   AND t.relname <> %s AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = t.oid AND x.deptype = 'e')
 ORDER BY t.relname, a.attnum"""
_TABLES = """
SELECT t.relname, obj_description(t.oid, 'pg_class') FROM pg_class t
 WHERE t.relnamespace = to_regnamespace(quote_ident(%s)) AND t.relkind IN ('r', 'p') AND t.relname <> %s
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = t.oid AND x.deptype = 'e')"""
_CONSTRAINTS = """
SELECT t.relname, c.conname, c.contype, pg_get_constraintdef(c.oid)
  FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
 WHERE t.relnamespace = to_regnamespace(quote_ident(%s)) AND c.contype IN ('p', 'u', 'c', 'f') AND t.relname <> %s"""
_INDEXES = """
SELECT t.relname, i.relname, pg_get_indexdef(i.oid)
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
 WHERE t.relnamespace = to_regnamespace(quote_ident(%s)) AND t.relname <> %s
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype IN ('p', 'u', 'x'))"""
_FUNCTIONS = """
SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_function_result(p.oid), l.lanname, p.provolatile,
       p.prosecdef, p.prosrc, pg_get_function_arguments(p.oid)
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
 WHERE p.pronamespace = to_regnamespace(quote_ident(%s)) AND p.prokind = 'f' AND l.lanname IN ('sql', 'plpgsql')
   AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e')"""


@dataclass(frozen=True, slots=True)
class LiveColumn:
    type: str
    required: bool
    identity: bool
    default: str | None


@dataclass
class LiveTable:
    """`constraints` by name: the letter of their kind, and their definition."""

    columns: dict[str, LiveColumn] = field(default_factory=dict)
    constraints: dict[str, tuple[str, str]] = field(default_factory=dict)
    indexes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LiveFunction:
    """All that makes a function another one; `arguments` with their defaults."""

    returns: str
    arguments: str
    rest: tuple[Any, ...]


@dataclass
class Live:
    """One schema; functions by name and identity arguments."""

    tables: dict[str, LiveTable] = field(default_factory=dict)
    functions: dict[tuple[str, str], LiveFunction] = field(default_factory=dict)


def look(connection: Connection[Any], schema: str) -> Live:
    """The schema as it is now. Names of it are told without it, so that two schemas compare."""
    connection.execute(path_of(schema))
    live = Live()
    for name, _ in connection.execute(_TABLES, (schema, BOOKS)):
        live.tables[name] = LiveTable()
    for table, name, kind, required, identity, default in connection.execute(_COLUMNS, (schema, BOOKS)):
        live.tables[table].columns[name] = LiveColumn(kind, required, bool(identity.strip()), default)
    for table, name, kind, definition in connection.execute(_CONSTRAINTS, (schema, BOOKS)):
        live.tables[table].constraints[name] = kind, definition
    for table, name, definition in connection.execute(_INDEXES, (schema, BOOKS)):
        live.tables[table].indexes[name] = _without(definition, schema)
    for name, identity, returns, language, volatility, definer, body, arguments in connection.execute(
        _FUNCTIONS, (schema,)
    ):
        live.functions[name, identity] = LiveFunction(returns, arguments, (language, volatility, definer, body))
    return live


def _without(definition: str, schema: str) -> str:
    """An index's definition names the schema of its table whatever the path is."""
    for told in (f'"{schema.replace(chr(34), chr(34) * 2)}".', f"{schema}."):
        before, on, after = definition.partition(f" ON {told}")
        if on:
            return f"{before} ON {after}"
    return definition


def differences(old: Mapping[str, object], new: Mapping[str, object]) -> tuple[list[str], list[str], list[str]]:
    """Names that came, that are something else now, and that went."""
    came = [name for name in new if name not in old]
    went = [name for name in old if name not in new]
    return came, [name for name in new if name in old and new[name] != old[name]], went
