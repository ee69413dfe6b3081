"""Tables, indexes, functions and foreign keys as plain values, whichever file they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

LONGEST = 63  # bytes of a name; PostgreSQL cuts longer ones without a word


@dataclass(frozen=True, slots=True)
class Column:
    """`type`, `default` and `check` are SQL that the parser has accepted."""

    name: str
    type: str
    nullable: bool = True
    default: str | None = None
    identity: bool = False
    check: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """`operators` is an operator class for its only column; `text` indexes its words instead of its value."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    method: str = "btree"
    where: str | None = None
    operators: str | None = None
    text: bool = False


@dataclass(frozen=True, slots=True)
class ForeignKey:
    name: str
    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]
    on_delete: str | None = None
    on_update: str | None = None
    deferrable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    checks: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    name: str | None
    type: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """`body` is SQL or PL/pgSQL that the parser has accepted; `calls` and `types` are names that it needs first."""

    name: str
    arguments: tuple[Argument, ...]
    returns: str
    body: str
    language: str = "sql"
    volatility: str = "volatile"
    security_definer: bool = False
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """All of one database's schema `name`."""

    name: str = "public"
    tables: tuple[Table, ...] = ()
    functions: tuple[Function, ...] = ()
    extensions: tuple[str, ...] = field(default=())


def made_name(*parts: str) -> str:
    """A name of several parts in at most 63 bytes; what is longer ends in a digest of the whole."""
    name = "_".join(parts)
    if len(name.encode()) <= LONGEST:
        return name
    digest = blake2b(name.encode(), digest_size=4).hexdigest()
    return name.encode()[: LONGEST - len(digest) - 1].decode("utf-8", "ignore") + "_" + digest
