"""Anvil's `db_schema` to a Schema: its column types have no SQL of their own, so what stands here is our reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from compatcheck.database.deployment import Tell
from compatcheck.database.schema import LONGEST, Column, ForeignKey, Index, Schema, Table, made_name

_TYPES = {
    "string": "text",
    "number": "double precision",
    "bool": "boolean",
    "date": "date",
    "datetime": "timestamp with time zone",
    "media": "bytea",
    "simpleObject": "jsonb",
}
_LINKS = {"link_single": "one", "liveObject": "one", "link_multiple": "many", "liveObjectArray": "many"}
_KEY = Column("id", "bigint", nullable=False, identity=True)


def anvil_schema(db_schema: object, tell: Tell) -> Schema:
    """The tables of both forms, the old list included; `tell` hears of what cannot be a table."""
    said = dict(_entries(db_schema))
    names = {str(table.get("id")): name for name, table in said.items() if "id" in table}
    tables: list[Table] = []
    trigrams = False
    for name, table in said.items():
        made = _Made(name, said, names, tell)
        tables += made.tables(table)
        trigrams = trigrams or any(index.operators for each in tables for index in each.indexes)
    return Schema(tables=tuple(tables), extensions=("pg_trgm",) if trigrams else ())


def _entries(db_schema: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(db_schema, dict):
        yield from ((str(name), table if isinstance(table, dict) else {}) for name, table in db_schema.items())
    for table in db_schema if isinstance(db_schema, list) else ():
        if isinstance(table, dict):
            yield str(table.get("python_name") or table.get("name")), table


class _Made:
    """One table on its way."""

    def __init__(self, name: str, said: Mapping[str, Any], names: Mapping[str, str], tell: Tell) -> None:
        self._name = name
        self._said = said
        self._names = names
        self._tell = tell
        self._columns: list[Column] = [_KEY]
        self._keys: list[ForeignKey] = []
        self._joins: list[Table] = []

    def tables(self, said: Mapping[str, Any]) -> list[Table]:
        """The table, and one for each column of several links."""
        for step, column in self._listed(said.get("columns")):
            self._column(column, ("db_schema", self._name, "columns", step))
        indexes = tuple(self._indexes(said.get("indexes")))
        title = said.get("title") or said.get("name")
        table = Table(
            self._name, tuple(self._columns), ("id",), indexes=indexes, foreign_keys=tuple(self._keys),
            description=str(title) if title and title != self._name else None,
        )  # fmt: skip
        self._long(self._name, ("db_schema", self._name))
        return [table, *self._joins]

    @staticmethod
    def _listed(columns: object) -> list[tuple[str | int, Mapping[str, Any]]]:
        pairs = (
            columns.items() if isinstance(columns, dict) else enumerate(columns if isinstance(columns, list) else ())
        )
        return [(step, column) for step, column in pairs if isinstance(column, dict)]

    def _column(self, column: Mapping[str, Any], path: tuple[str | int, ...]) -> None:
        name, kind = str(column.get("name", "")), str(column.get("type", ""))
        if not name or "\0" in name or self._long(name, path):
            return
        if name in (each.name for each in self._columns):
            self._tell(path, f"the table has a column {name[:80]!r} already; `id` is its key", None)
        elif kind in _TYPES:
            self._columns.append(Column(name, _TYPES[kind]))
        elif kind in _LINKS:
            self._link(name, _LINKS[kind], self._target(column), path)
        else:
            self._tell(path, f"{kind[:80]!r} is no type of a column", None)

    def _target(self, column: Mapping[str, Any]) -> str | None:
        target = column.get("target") or self._names.get(str(column.get("table_id")))
        return str(target) if target is not None else None

    def _link(self, name: str, count: str, target: str | None, path: tuple[str | int, ...]) -> None:
        if target is None or target not in self._said:
            self._tell(path, "the link has no table that it leads to", None)
        elif count == "one":
            self._columns.append(Column(name, "bigint"))
            self._keys.append(ForeignKey(made_name(self._name, name, "fkey"), (name,), target, ("id",), "set null"))
        else:
            join = made_name(self._name, name)
            ours, theirs = Column("row_id", "bigint", nullable=False), Column("target_id", "bigint", nullable=False)
            keys = (
                ForeignKey(made_name(join, "row_id", "fkey"), ("row_id",), self._name, ("id",), "cascade"),
                ForeignKey(made_name(join, "target_id", "fkey"), ("target_id",), target, ("id",), "cascade"),
            )
            self._joins.append(Table(join, (ours, theirs), ("row_id", "target_id"), foreign_keys=keys))

    def _indexes(self, said: object) -> Iterator[Index]:
        known = {column.name: column for column in self._columns}
        for entry in said if isinstance(said, list) else ():
            columns = [str(each) for each in entry.get("columns", [])] if isinstance(entry, dict) else []
            if not columns or not set(columns) <= known.keys():
                continue
            kind, name = entry.get("type"), made_name(self._name, *columns, "idx")
            if kind == "b_tree":
                yield Index(name, tuple(columns))
            elif kind in ("trigram", "full_text") and known[columns[0]].type == "text" and len(columns) == 1:
                text = kind == "full_text"
                yield Index(made_name(self._name, *columns, str(kind)), tuple(columns), method="gin",
                            operators=None if text else "gin_trgm_ops", text=text)  # fmt: skip

    def _long(self, name: str, path: tuple[str | int, ...]) -> bool:
        long = len(name.encode("utf-8", "surrogatepass")) > LONGEST
        if long:
            self._tell(path, f"PostgreSQL would cut this name: it has more than {LONGEST} bytes", None)
        return long
