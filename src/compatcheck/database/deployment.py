"""A deployment file's `database` section to a Schema, and where each part of it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from compatcheck.database.parsing import BadSql, check_body, expression, type_of
from compatcheck.database.schema import (
    LONGEST,
    Argument,
    Column,
    ForeignKey,
    Function,
    Index,
    Schema,
    Table,
    made_name,
)

Path = tuple["str | int", ...]
# A place in the file, what is wrong there, and how many characters into the value, where that is known.
Tell = Callable[[Path, str, "int | None"], None]


class Reader:
    """Reads one `database` section; `tell` hears of every mistake. What is wrong is left out of the result."""

    def __init__(self, tell: Tell, top: Path = ("database",)) -> None:
        self._tell = tell
        self._top = top

    def schema(self, database: Mapping[str, Any]) -> Schema:
        """The whole section."""
        tables = _mapping(database.get("tables"))
        keys = {name: _primary_key(_mapping(table)) for name, table in tables.items()}
        return Schema(
            self._name(str(database.get("schema", "public")), ("schema",)) or "public",
            tuple(self._table(name, _mapping(table), keys, ("tables", name)) for name, table in tables.items()),
            tuple(self._functions(_mapping(database.get("functions")))),
            tuple(map(str, _list(database.get("extensions")))),
        )

    def _table(self, name: str, said: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], path: Path) -> Table:
        self._name(name, path)
        columns = [
            self._column(_mapping(column), (*path, "columns", number))
            for number, column in enumerate(_list(said.get("columns")))
        ]
        unique = [tuple(map(str, _list(group))) for group in _list(said.get("unique"))]
        unique += [
            (str(column["name"]),) for column in map(_mapping, _list(said.get("columns"))) if column.get("unique")
        ]
        checks = [
            self._sql(check, expression, (*path, "checks", n)) for n, check in enumerate(_list(said.get("checks")))
        ]
        return Table(
            name,
            tuple(column for column in columns if column is not None),
            keys[name],
            tuple(unique),
            tuple(check for check in checks if check is not None),
            tuple(self._indexes(name, said, path)),
            tuple(self._foreign_keys(name, said, keys, path)),
            _text(said.get("description")),
        )

    def _column(self, said: Mapping[str, Any], path: Path) -> Column | None:
        name = self._name(str(said.get("name", "")), (*path, "name"))
        kind = self._sql(said.get("type"), type_of, (*path, "type"))
        if name is None or kind is None:
            return None
        default = said.get("default")
        return Column(
            name,
            kind,
            nullable=bool(said.get("nullable", True)) and not said.get("primary_key") and not said.get("identity"),
            default=None if default is None else self._sql(_literal(default), expression, (*path, "default")),
            identity=bool(said.get("identity")),
            check=None if said.get("check") is None else self._sql(said["check"], expression, (*path, "check")),
            description=_text(said.get("description")),
        )

    def _indexes(self, table: str, said: Mapping[str, Any], path: Path) -> Iterator[Index]:
        for number, each in enumerate(_list(said.get("indexes"))):
            index, here = _mapping(each), (*path, "indexes", number)
            columns = tuple(map(str, _list(index.get("columns"))))
            name = self._name(str(index.get("name") or made_name(table, *columns, "idx")), (*here, "name"))
            where = index.get("where")
            if name is not None and columns:
                yield Index(
                    name,
                    columns,
                    bool(index.get("unique")),
                    str(index.get("method", "btree")),
                    None if where is None else self._sql(where, expression, (*here, "where")),
                )

    def _foreign_keys(
        self, table: str, said: Mapping[str, Any], keys: Mapping[str, tuple[str, ...]], path: Path
    ) -> Iterator[ForeignKey]:
        for number, each in enumerate(_list(said.get("foreign_keys"))):
            key, here = _mapping(each), (*path, "foreign_keys", number)
            columns = tuple(map(str, _list(key.get("columns"))))
            target = str(_mapping(key.get("references")).get("table"))
            theirs = tuple(map(str, _list(_mapping(key.get("references")).get("columns")))) or keys.get(target, ())
            name = self._name(str(key.get("name") or made_name(table, *columns, "fkey")), (*here, "name"))
            if target not in keys:
                self._wrong((*here, "references", "table"), f"there is no table {target[:80]!r}")
            elif len(theirs) != len(columns) or not columns:
                self._wrong(here, f"{len(columns)} columns cannot refer to {len(theirs)}")
            elif name is not None:
                yield ForeignKey(
                    name,
                    columns,
                    target,
                    theirs,
                    key.get("on_delete"),
                    key.get("on_update"),
                    bool(key.get("deferrable")),
                )

    def _functions(self, said: Mapping[str, Any]) -> Iterator[Function]:
        from compatcheck.database.statements import create_function

        for name, each in said.items():
            function, path = _mapping(each), ("functions", name)
            returns = self._sql(function.get("returns"), type_of, (*path, "returns"))
            if self._name(name, path) is None or returns is None:
                continue
            made = Function(
                name,
                tuple(self._arguments(_list(function.get("arguments")), (*path, "arguments"))),
                returns,
                str(function.get("body", "")),
                str(function.get("language", "sql")),
                str(function.get("volatility", "volatile")),
                bool(function.get("security_definer")),
                _text(function.get("description")),
            )
            try:
                check_body(made.body, made.language, create_function("public", made).as_string(None))
            except BadSql as error:
                self._tell((*self._top, *path, "body"), f"no valid SQL: {error}", error.offset)
            else:
                yield made

    def _arguments(self, said: list[Any], path: Path) -> Iterator[Argument]:
        for number, each in enumerate(said):
            argument, here = _mapping(each), (*path, number)
            kind = self._sql(argument.get("type"), type_of, (*here, "type"))
            default = argument.get("default")
            if kind is not None:
                told = None if default is None else self._sql(_literal(default), expression, (*here, "default"))
                yield Argument(_text(argument.get("name")), kind, told)

    def _name(self, name: str, path: Path) -> str | None:
        wrong = None
        if not name or "\0" in name:
            wrong = "a name must not be empty or hold a NUL"
        elif len(name.encode("utf-8", "surrogatepass")) > LONGEST:
            wrong = f"PostgreSQL would cut this name: it has more than {LONGEST} bytes"
        if wrong is not None:
            self._wrong(path, wrong)
        return name if wrong is None else None

    def _wrong(self, path: Path, message: str) -> None:
        self._tell((*self._top, *path), message, None)

    def _sql(self, text: object, read: Callable[[str], str], path: Path) -> str | None:
        try:
            return read(str(text))
        except BadSql as error:
            self._tell((*self._top, *path), f"no valid SQL: {error}", error.offset)
            return None


def _literal(value: object) -> str:
    """A default as SQL: numbers and booleans of YAML stand for themselves."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _primary_key(table: Mapping[str, Any]) -> tuple[str, ...]:
    listed = tuple(map(str, _list(table.get("primary_key"))))
    own = tuple(
        str(column.get("name")) for column in map(_mapping, _list(table.get("columns"))) if column.get("primary_key")
    )
    return listed or own


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return str(value) if value is not None else None
