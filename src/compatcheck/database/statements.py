"""A Schema as SQL: every statement may run again, and each stands behind those that it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal as Word

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from compatcheck.database.parsing import called
from compatcheck.database.schema import Argument, Column, ForeignKey, Function, Index, Schema, Table, made_name

Kind = Word[
    "session", "schema", "extension", "table", "column", "constraint", "index", "function", "comment", "migration"
]
_ACTIONS = {"cascade": "CASCADE", "restrict": "RESTRICT", "set null": "SET NULL", "set default": "SET DEFAULT",
            "no action": "NO ACTION"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `drops` says that it may lose something that is not in the file."""

    kind: Kind
    name: str
    sql: Composed
    drops: bool = False

    @property
    def text(self) -> str:
        """As it stands in a script."""
        return self.sql.as_string(None) + ";"


def accepted(text: str) -> SQL:
    """SQL that the parser printed (compatcheck.database.parsing), and nothing else."""
    return SQL(text)


def script(schema: Schema) -> list[Statement]:
    """Everything that the file describes, in order, for `psql`."""
    return [*session(schema), *preamble(schema), *objects(schema)]


def session(schema: Schema) -> list[Statement]:
    """How names are looked up, and that functions may name what comes later."""
    bodies = SQL("SET check_function_bodies TO off").format()
    return [Statement("session", schema.name, path_of(schema.name, local=False)), Statement("session", "", bodies)]


def preamble(schema: Schema) -> Iterator[Statement]:
    """Extensions, and the schema itself."""
    for name in schema.extensions:
        sql = SQL("CREATE EXTENSION IF NOT EXISTS {}").format(Identifier(name))
        yield Statement("extension", name, sql)
    if schema.name != "public":
        sql = SQL("CREATE SCHEMA IF NOT EXISTS {}").format(Identifier(schema.name))
        yield Statement("schema", schema.name, sql)


def path_of(name: str, *, local: bool = True) -> Composed:
    """Names without a schema are looked for in this one, then where extensions are."""
    word = SQL("SET LOCAL search_path TO {}, public") if local else SQL("SET search_path TO {}, public")
    return word.format(Identifier(name))


def objects(schema: Schema) -> Iterator[Statement]:
    """Functions that tables need, tables by their keys, indexes, keys of cycles, the other functions."""
    first, later = _split(schema)
    for function in first:
        yield from function_statements(schema.name, function)
    made: set[str] = set()
    cyclic = []
    for table in ordered(schema.tables):
        inline = [key for key in table.foreign_keys if key.table in made or key.table == table.name]
        cyclic += [(table, key) for key in table.foreign_keys if key not in inline]
        yield Statement("table", table.name, create_table(schema.name, table, inline))
        yield from comments(schema.name, table)
        made.add(table.name)
    for table in ordered(schema.tables):
        for index in table.indexes:
            yield Statement("index", index.name, create_index(schema.name, table.name, index))
    for table, key in cyclic:
        yield Statement(
            "constraint",
            key.name,
            _if_missing(schema.name, table.name, key.name, add_key(schema.name, table.name, key)),
        )
    for function in later:
        yield from function_statements(schema.name, function)


def ordered(tables: Sequence[Table]) -> list[Table]:
    """Tables behind those that their foreign keys name; in cycles, and else, as in the file."""
    by_name = {table.name: table for table in tables}
    done: dict[str, None] = {}
    for table in tables:
        _visit(table, by_name, done)
    return [by_name[name] for name in done]


def _visit(table: Table, by_name: dict[str, Table], done: dict[str, None]) -> None:
    """Without recursion: a chain of tables may be long."""
    waiting: list[tuple[Table, list[str]]] = [(table, [key.table for key in table.foreign_keys])]
    open_names = {table.name}
    while waiting:
        current, needed = waiting[-1]
        following = next(
            (name for name in needed if name in by_name and name not in done and name not in open_names), None
        )
        if current.name in done or following is None:
            done.setdefault(current.name)
            waiting.pop()
        else:
            open_names.add(following)
            waiting.append((by_name[following], [key.table for key in by_name[following].foreign_keys]))


def _split(schema: Schema) -> tuple[list[Function], list[Function]]:
    """The functions that expressions of tables call, with those that they call themselves; and the others."""
    needed: set[str] = set()
    for text in _expressions(schema.tables):
        needed |= called(text)
    first = [function for function in schema.functions if function.name in needed]
    return first, [function for function in schema.functions if function.name not in needed]


def _expressions(tables: Iterable[Table]) -> Iterator[str]:
    for table in tables:
        yield from table.checks
        yield from (index.where for index in table.indexes if index.where)
        for column in table.columns:
            yield from filter(None, (column.default, column.check))


def create_table(schema: str, table: Table, keys: Iterable[ForeignKey]) -> Composed:
    """With its constraints, and those foreign keys whose tables are there."""
    parts: list[Composable] = [column_sql(column) for column in table.columns]
    parts += [constraint for _, constraint in constraints(table)]
    parts += [key_sql(schema, key) for key in keys]
    return SQL("CREATE TABLE IF NOT EXISTS {} (\n    {}\n)").format(
        Identifier(schema, table.name), SQL(",\n    ").join(parts)
    )


def column_sql(column: Column) -> Composed:
    """A column as tables and ALTER TABLE define it."""
    parts: list[Composable] = [Identifier(column.name), accepted(column.type)]
    if column.identity:
        parts.append(SQL("GENERATED BY DEFAULT AS IDENTITY"))
    if not column.nullable:
        parts.append(SQL("NOT NULL"))
    if column.default is not None:
        parts += [SQL("DEFAULT"), accepted(f"({column.default})")]
    return SQL(" ").join(parts)


def constraints(table: Table) -> Iterator[tuple[str, Composed]]:
    """Primary key, unique groups and checks, each with its name."""
    if table.primary_key:
        yield _named(made_name(table.name, "pkey"), SQL("PRIMARY KEY ({})").format(_names(table.primary_key)))
    for group in table.unique:
        yield _named(made_name(table.name, *group, "key"), SQL("UNIQUE ({})").format(_names(group)))
    for number, check in enumerate(table.checks, 1):
        yield _named(made_name(table.name, f"check{number}"), _check(check))
    for column in table.columns:
        if column.check is not None:
            yield _named(made_name(table.name, column.name, "check"), _check(column.check))


def _check(expression: str) -> Composed:
    return SQL("CHECK ({})").format(accepted(expression))


def _named(name: str, rest: Composable) -> tuple[str, Composed]:
    return name, SQL("CONSTRAINT {} {}").format(Identifier(name), rest)


def key_sql(schema: str, key: ForeignKey) -> Composed:
    """A foreign key as a constraint."""
    parts: list[Composable] = [
        SQL("CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})").format(
            Identifier(key.name), _names(key.columns), Identifier(schema, key.table), _names(key.references)
        )
    ]
    for word, action in (("ON DELETE", key.on_delete), ("ON UPDATE", key.on_update)):
        if action is not None:
            parts += [SQL(word), SQL(_ACTIONS[action])]
    if key.deferrable:
        parts.append(SQL("DEFERRABLE INITIALLY DEFERRED"))
    return SQL(" ").join(parts)


def add_key(schema: str, table: str, key: ForeignKey) -> Composed:
    """A foreign key that comes later."""
    return SQL("ALTER TABLE {} ADD {}").format(Identifier(schema, table), key_sql(schema, key))


def _if_missing(schema: str, table: str, name: str, statement: Composed) -> Composed:
    """PostgreSQL has no ADD CONSTRAINT IF NOT EXISTS."""
    where = SQL(
        "SELECT FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid"
        " JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"
        " WHERE c.conname = {} AND t.relname = {} AND n.nspname = {}"
    ).format(Literal(name), Literal(table), Literal(schema))
    body = SQL("BEGIN IF NOT EXISTS ({}) THEN {}; END IF; END").format(where, statement)
    return SQL("DO {}").format(Literal(body.as_string(None)))


def create_index(schema: str, table: str, index: Index) -> Composed:
    """An index, unless there is one of its name."""
    columns: Composable = _names(index.columns)
    if index.text:
        columns = SQL("to_tsvector('simple'::regconfig, {})").format(Identifier(index.columns[0]))
    elif index.operators is not None:
        columns = SQL("{} {}").format(columns, Identifier(index.operators))
    parts: list[Composable] = [
        SQL("CREATE UNIQUE INDEX IF NOT EXISTS" if index.unique else "CREATE INDEX IF NOT EXISTS"),
        SQL("{} ON {} USING {} ({})").format(
            Identifier(index.name), Identifier(schema, table), Identifier(index.method), columns
        ),
    ]
    if index.where is not None:
        parts.append(SQL("WHERE ({})").format(accepted(index.where)))
    return SQL(" ").join(parts)


def function_statements(schema: str, function: Function) -> Iterator[Statement]:
    """The function, and its comment."""
    yield Statement("function", function.name, create_function(schema, function))
    if function.description is not None:
        arguments = SQL(", ").join(accepted(argument.type) for argument in function.arguments)
        sql = SQL("COMMENT ON FUNCTION {} ({}) IS {}").format(
            Identifier(schema, function.name), arguments, Literal(function.description)
        )
        yield Statement("function", function.name, sql)


def create_function(schema: str, function: Function) -> Composed:
    """The function in place of one of its name and argument types."""
    # A body finds the tables beside it whoever calls it from wherever; with its owner's rights, no other ones.
    fixed = schema != "public" or function.security_definer
    return SQL("CREATE OR REPLACE FUNCTION {} ({}) RETURNS {}\n    LANGUAGE {} {}{}{}\n    AS {}").format(
        Identifier(schema, function.name),
        SQL(", ").join(map(_argument, function.arguments)),
        accepted(function.returns),
        Identifier(function.language),
        SQL(function.volatility.upper()),
        SQL(" SECURITY DEFINER" if function.security_definer else ""),
        SQL(" SET search_path TO {}, public").format(Identifier(schema)) if fixed else SQL(""),
        Literal(function.body),
    )


def _argument(argument: Argument) -> Composed:
    parts: list[Composable] = [Identifier(argument.name)] if argument.name else []
    parts.append(accepted(argument.type))
    if argument.default is not None:
        parts += [SQL("DEFAULT"), accepted(f"({argument.default})")]
    return SQL(" ").join(parts)


def comments(schema: str, table: Table) -> Iterator[Statement]:
    """What tables and columns are for."""
    if table.description is not None:
        sql = SQL("COMMENT ON TABLE {} IS {}").format(Identifier(schema, table.name), Literal(table.description))
        yield Statement("comment", table.name, sql)
    for column in table.columns:
        if column.description is not None:
            name = Identifier(schema, table.name, column.name)
            yield Statement(
                "comment", table.name, SQL("COMMENT ON COLUMN {} IS {}").format(name, Literal(column.description))
            )


def _names(names: Iterable[str]) -> Composed:
    return SQL(", ").join(map(Identifier, names))
