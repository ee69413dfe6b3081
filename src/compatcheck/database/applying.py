"""Changes to a live database: one transaction, one at a time, everything or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import DuplicateDatabase, UniqueViolation
from psycopg.sql import SQL, Identifier

from compatcheck.database.live import BOOKS
from compatcheck.database.migrations import Migration, drops_in
from compatcheck.database.planning import plan
from compatcheck.database.schema import Schema
from compatcheck.database.statements import Statement, accepted, path_of, preamble

_LOCK = 0x636F6D70  # of all runs of compatcheck on a database; with the schema's name
_SECONDS = 10
_MAINTENANCE = "postgres"


class DatabaseTrouble(Exception):
    """The database cannot be reached, or refuses; in words, without credentials."""


class Refused(Exception):
    """What compatcheck does not do: all reasons."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Done:
    """What a run did, or would: migrations by file, then statements."""

    migrations: tuple[str, ...]
    statements: tuple[Statement, ...]
    kept: tuple[Statement, ...] = ()


@contextmanager
def opened(address: str, *, create: bool = False) -> Iterator[Connection[Any]]:
    """A connection; libpq's environment fills what the address leaves out. With `create`, a missing database is made:
    the one thing that stands outside of any transaction. Raises DatabaseTrouble.
    """
    try:
        connection = _connect(address, create)
    except psycopg.ProgrammingError as error:
        raise DatabaseTrouble("the address is no address of a database") from error
    except psycopg.OperationalError as error:
        raise DatabaseTrouble(_said(error)) from error
    with connection:
        try:
            yield connection
        except psycopg.Error as error:
            raise DatabaseTrouble(_said(error)) from error


def _connect(address: str, create: bool) -> Connection[Any]:
    info = make_conninfo(address, connect_timeout=_SECONDS, application_name="compatcheck")
    try:
        return psycopg.connect(info)
    except psycopg.OperationalError:
        if not create or not _created(info):
            raise
    return psycopg.connect(info)


def _created(info: str) -> bool:
    """Whether the database was missing, and is there now."""
    name = conninfo_to_dict(info).get("dbname") or _default_name()
    with psycopg.connect(make_conninfo(info, dbname=_MAINTENANCE), autocommit=True) as maintenance:
        if maintenance.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None:
            return False
        with suppress(DuplicateDatabase, UniqueViolation):  # somebody else was faster
            maintenance.execute(SQL("CREATE DATABASE {}").format(Identifier(str(name))))
    return True


def _default_name() -> str:
    """libpq's: PGDATABASE, else the user's name."""
    defaults = {option.keyword: option.val for option in psycopg.pq.Conninfo.get_defaults()}
    return (defaults.get(b"dbname") or defaults.get(b"user") or b"").decode()


def _said(error: psycopg.Error) -> str:
    """The server's message; it quotes names and SQL, and no password."""
    primary = error.diag.message_primary
    hint = f" ({error.diag.message_hint})" if error.diag.message_hint else ""
    return (primary + hint) if primary else " ".join(str(error).split())


def apply(
    connection: Connection[Any],
    schema: Schema,
    migrations: Sequence[Migration],
    *,
    compare: bool,
    allow_drop: bool,
    dry_run: bool,
) -> Done:
    """Runs the migrations that are due, then what the file still asks for (with `compare`). Raises Refused."""
    with connection.transaction(force_rollback=dry_run):
        _lock(connection, schema)
        due = _due(connection, schema, migrations)
        if not allow_drop:
            _refuse([str(drop) for migration in due for drop in drops_in(migration.up)])
        for migration in due:
            _run(connection, migration.up.file, migration.up.text)
            _note(connection, schema, migration)
        steps = plan(connection, schema) if compare else []
        todo = [step for step in steps if allow_drop or not step.drops]
        connection.execute(path_of(schema.name))
        connection.execute("SET LOCAL check_function_bodies TO off")
        for step in todo:
            connection.execute(step.sql)
        return Done(
            tuple(migration.up.file for migration in due),
            tuple(todo),
            tuple(step for step in steps if step not in todo),
        )


def rollback(
    connection: Connection[Any],
    schema: Schema,
    migrations: Sequence[Migration],
    to: int,
    *,
    allow_drop: bool,
    dry_run: bool,
) -> Done:
    """Takes back all applied migrations above number `to`, the newest first. Raises Refused."""
    with connection.transaction(force_rollback=dry_run):
        _lock(connection, schema)
        applied = _applied(connection, schema)
        _refuse(_changed(applied, migrations))
        known = {migration.version: migration for migration in migrations}
        back = sorted((version for version in applied if version > to), reverse=True)
        downs = [(version, known[version].down if version in known else None) for version in back]
        _refuse([f"migration {version} has no down file" for version, down in downs if down is None])
        scripts = [(version, down) for version, down in downs if down is not None]
        if not allow_drop:
            _refuse([str(drop) for _, down in scripts for drop in drops_in(down)])
        for version, down in scripts:
            _run(connection, down.file, down.text)
            connection.execute(
                SQL("DELETE FROM {} WHERE version = %s").format(Identifier(schema.name, BOOKS)), (version,)
            )
        return Done(tuple(down.file for _, down in scripts), ())


def _refuse(reasons: Sequence[str]) -> None:
    if reasons:
        raise Refused(reasons)


def _lock(connection: Connection[Any], schema: Schema) -> None:
    """Until the transaction ends nobody else changes this schema through compatcheck."""
    connection.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (_LOCK, schema.name))
    for statement in preamble(schema):
        if statement.kind == "schema":
            connection.execute(statement.sql)
    connection.execute(path_of(schema.name))
    connection.execute(
        SQL(
            "CREATE TABLE IF NOT EXISTS {} (version bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        ).format(Identifier(schema.name, BOOKS))
    )


def _applied(connection: Connection[Any], schema: Schema) -> dict[int, tuple[str, str]]:
    rows = connection.execute(SQL("SELECT version, name, checksum FROM {}").format(Identifier(schema.name, BOOKS)))
    return {version: (name, checksum) for version, name, checksum in rows}


def _due(connection: Connection[Any], schema: Schema, migrations: Sequence[Migration]) -> list[Migration]:
    applied = _applied(connection, schema)
    _refuse(_changed(applied, migrations))
    last = max(applied, default=-1)
    due = [migration for migration in migrations if migration.version not in applied]
    _refuse(
        [
            f"{one.up.file}: number {last} is applied already, so {one.version} comes too late"
            for one in due
            if one.version < last
        ]
    )
    return due


def _changed(applied: dict[int, tuple[str, str]], migrations: Sequence[Migration]) -> list[str]:
    return [
        f"{migration.up.file}: it was changed after it was applied; write a new migration instead"
        for migration in migrations
        if migration.version in applied and applied[migration.version][1] != migration.up.checksum
    ]


def _run(connection: Connection[Any], file: str, text: str) -> None:
    try:
        connection.execute(accepted(text))
    except psycopg.Error as error:
        line = ""
        if error.diag.statement_position:
            line = f":{text.count(chr(10), 0, int(error.diag.statement_position) - 1) + 1}"
        raise DatabaseTrouble(f"{file}{line}: {_said(error)}") from error


def _note(connection: Connection[Any], schema: Schema, migration: Migration) -> None:
    connection.execute(
        SQL("INSERT INTO {} (version, name, checksum) VALUES (%s, %s, %s)").format(Identifier(schema.name, BOOKS)),
        (migration.version, migration.name, migration.up.checksum),
    )
