"""The way from a live database to the file: the file is built beside it, in a schema that is rolled back, and compared."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composed, Identifier

from compatcheck.database.live import Live, LiveColumn, LiveTable, differences, look
from compatcheck.database.schema import Column, Schema, Table
from compatcheck.database.statements import (
    Statement,
    accepted,
    add_key,
    column_sql,
    comments,
    constraints,
    create_function,
    create_index,
    create_table,
    function_statements,
    objects,
    ordered,
    path_of,
    preamble,
)


def plan(connection: Connection[Any], schema: Schema) -> list[Statement]:
    """Statements that bring the database to the file, those that drop something included, last. Changes nothing."""
    before = _there(connection)
    with connection.transaction(force_rollback=True):
        for statement in preamble(schema):
            connection.execute(statement.sql)
        now = look(connection, schema.name)
        wanted = _wanted(connection, schema)
    steps = [step for step in preamble(schema) if (step.kind, step.name) not in before]
    return sorted([*steps, *_Plan(schema, now, wanted).steps()], key=lambda step: step.drops)


def _there(connection: Connection[Any]) -> set[tuple[str, str]]:
    """Extensions and schemas that need not be made."""
    found = {("extension", row[0]) for row in connection.execute("SELECT extname FROM pg_extension")}
    return found | {("schema", row[0]) for row in connection.execute("SELECT nspname FROM pg_namespace")}


def _wanted(connection: Connection[Any], schema: Schema) -> Live:
    """What the file describes, as the database would tell it."""
    beside = f"compatcheck_{secrets.token_hex(8)}"
    connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(beside)))
    connection.execute(path_of(beside))
    connection.execute("SET LOCAL check_function_bodies TO off")
    for statement in objects(replace(schema, name=beside)):
        connection.execute(statement.sql)
    return look(connection, beside)


class _Plan:
    """Compares, and writes the steps down."""

    def __init__(self, schema: Schema, now: Live, wanted: Live) -> None:
        self._schema = schema
        self._now = now
        self._wanted = wanted
        self._tables = {table.name: table for table in schema.tables}

    def steps(self) -> Iterator[Statement]:
        """Functions that tables may need, tables, columns, constraints, indexes, keys; then what is not in the file."""
        yield from self._functions()
        for table in ordered(self._schema.tables):
            if table.name not in self._now.tables:
                yield Statement("table", table.name, create_table(self._schema.name, table, ()))
                yield from comments(self._schema.name, table)
            else:
                yield from self._columns(table)
        for table in self._schema.tables:
            yield from self._indexes(table)
            yield from self._constraints(table)
        for table in self._schema.tables:
            yield from self._keys(table)
        for name in self._now.tables:
            if name not in self._tables:
                yield self._drop("table", name, SQL("DROP TABLE {} CASCADE").format(self._in(name)))
        for key in self._now.functions:
            if key not in self._wanted.functions:
                yield self._drop_function(key)

    def _functions(self) -> Iterator[Statement]:
        by_name = {function.name: function for function in self._schema.functions}
        for key, function in self._wanted.functions.items():
            old = self._now.functions.get(key)
            made = by_name[key[0]]
            if old is None:
                yield from function_statements(self._schema.name, made)
            elif old != function:
                if (old.returns, old.arguments) != (function.returns, function.arguments):
                    yield self._drop_function(key)
                    yield Statement("function", key[0], create_function(self._schema.name, made), drops=True)
                else:
                    yield Statement("function", key[0], create_function(self._schema.name, made))

    def _columns(self, table: Table) -> Iterator[Statement]:
        columns = {column.name: column for column in table.columns}
        old, new = self._now.tables[table.name].columns, self._wanted.tables[table.name].columns
        came, changed, went = differences(old, new)
        for name in came:
            yield self._alter(table.name, "column", SQL("ADD COLUMN {}").format(column_sql(columns[name])), name)
        for name in changed:
            for change in _changes(columns[name], old[name], new[name]):
                yield self._alter(
                    table.name, "column", SQL("ALTER COLUMN {} {}").format(Identifier(name), change), name
                )
        for name in went:
            what = SQL("DROP COLUMN {} CASCADE").format(Identifier(name))
            yield self._alter(table.name, "column", what, name, drops=True)

    def _constraints(self, table: Table) -> Iterator[Statement]:
        old, new = self._constraint_pair(table.name, keys=False)
        came, changed, went = differences(old, new)
        made = dict(constraints(table))
        for name in [*changed, *went]:
            what = SQL(
                "DROP CONSTRAINT IF EXISTS {} CASCADE" if name in went else "DROP CONSTRAINT IF EXISTS {}"
            ).format(Identifier(name))
            yield self._alter(table.name, "constraint", what, name, drops=name in went)
        if table.name in self._now.tables:
            for name in [*came, *changed]:
                yield self._alter(table.name, "constraint", SQL("ADD {}").format(made[name]), name)

    def _keys(self, table: Table) -> Iterator[Statement]:
        old, new = self._constraint_pair(table.name, keys=True)
        came, changed, went = differences(old, new)
        for name in [*changed, *went]:
            what = SQL("DROP CONSTRAINT IF EXISTS {}").format(Identifier(name))
            yield self._alter(table.name, "constraint", what, name, drops=name in went)
        for key in table.foreign_keys:
            if key.name in came or key.name in changed:
                yield Statement("constraint", key.name, add_key(self._schema.name, table.name, key))

    def _constraint_pair(self, name: str, *, keys: bool) -> tuple[dict[str, object], dict[str, object]]:
        def of(table: LiveTable) -> dict[str, object]:
            return {each: told for each, told in table.constraints.items() if (told[0] == "f") is keys}

        return of(self._now.tables.get(name, LiveTable())), of(self._wanted.tables[name])

    def _indexes(self, table: Table) -> Iterator[Statement]:
        old = self._now.tables.get(table.name, LiveTable()).indexes
        came, changed, went = differences(old, self._wanted.tables[table.name].indexes)
        for name in [*changed, *went]:
            yield self._drop("index", name, SQL("DROP INDEX IF EXISTS {}").format(self._in(name)), drops=name in went)
        for index in table.indexes:
            if index.name in came or index.name in changed:
                yield Statement("index", index.name, create_index(self._schema.name, table.name, index))

    def _in(self, name: str) -> Identifier:
        return Identifier(self._schema.name, name)

    def _alter(self, table: str, kind: Any, what: Composed, name: str, *, drops: bool = False) -> Statement:
        return Statement(kind, f"{table}.{name}", SQL("ALTER TABLE {} {}").format(self._in(table), what), drops)

    def _drop(self, kind: Any, name: str, sql: Composed, *, drops: bool = True) -> Statement:
        return Statement(kind, name, sql, drops)

    def _drop_function(self, key: tuple[str, str]) -> Statement:
        """The arguments are the catalogue's own words."""
        sql = SQL("DROP FUNCTION {} ({})").format(self._in(key[0]), accepted(key[1]))
        return Statement("function", key[0], sql, drops=True)


def _changes(column: Column, old: LiveColumn, new: LiveColumn) -> Iterator[Composed]:
    """The default goes first and comes last: it may not fit the other type."""
    if old.default is not None and (old.default != new.default or old.type != new.type):
        yield SQL("DROP DEFAULT").format()
    if old.identity and not new.identity:
        yield SQL("DROP IDENTITY").format()
    if old.type != new.type:
        kind = accepted(column.type)
        yield SQL("TYPE {} USING {}::{}").format(kind, Identifier(column.name), kind)
    if old.required != new.required:
        yield SQL("SET NOT NULL" if new.required else "DROP NOT NULL").format()
    if new.identity and not old.identity:
        yield SQL("ADD GENERATED BY DEFAULT AS IDENTITY").format()
    if column.default is not None and (old.default != new.default or old.type != new.type):
        yield SQL("SET DEFAULT ({})").format(accepted(column.default))
