"""Schemas and migrations on a real PostgreSQL."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest

from compatcheck.database.anvil import anvil_schema
from compatcheck.database.applying import DatabaseTrouble, Done, Refused, apply, opened, rollback
from compatcheck.database.deployment import Reader
from compatcheck.database.migrations import migrations_of
from compatcheck.database.planning import plan
from compatcheck.database.schema import Schema
from compatcheck.database.statements import script

SHOP: dict[str, Any] = {
    "schema": "shop",
    "tables": {
        "orders": {
            "description": "What people buy; it's theirs",
            "columns": [
                {"name": "id", "type": "bigint", "identity": True, "primary_key": True},
                {"name": "customer", "type": "bigint", "nullable": False},
                {"name": "state", "type": "varchar(20)", "default": "'open'", "check": "state IN ('open', 'paid')"},
                {"name": "total", "type": "numeric(10,2)", "default": 0, "description": "in euros, 100% of it"},
                {"name": "made", "type": "timestamptz", "default": "now()", "nullable": False},
                {"name": "code", "type": "text", "default": "shout('x')", "unique": True},
                {"name": "next", "type": "bigint"},
            ],
            "checks": ["total >= 0"],
            "indexes": [
                {"columns": ["state", "made"]},
                {"columns": ["customer"], "where": "state = 'open'", "name": "open orders"},
            ],
            "foreign_keys": [
                {"columns": ["customer"], "references": {"table": "customers"}, "on_delete": "cascade"},
                {"columns": ["next"], "references": {"table": "orders", "columns": ["id"]}, "on_delete": "set null"},
            ],
        },
        "customers": {
            "columns": [
                {"name": "id", "type": "bigint", "identity": True, "primary_key": True},
                {"name": "last_order", "type": "bigint"},
                {"name": "tags", "type": "text[]", "default": "'{}'"},
            ],
            "foreign_keys": [
                {
                    "columns": ["last_order"],
                    "references": {"table": "orders"},
                    "on_update": "no action",
                    "deferrable": True,
                }
            ],
        },
    },
    "functions": {
        "count_orders": {
            "arguments": [{"name": "who", "type": "bigint", "default": 1}],
            "returns": "bigint",
            "volatility": "stable",
            "body": "SELECT count(*) FROM orders WHERE customer = who",
            "description": "How many",
        },
        "shout": {
            "arguments": [{"type": "text"}],
            "returns": "text",
            "volatility": "immutable",
            "body": "SELECT upper($1)",
        },
        "touch": {"returns": "trigger", "language": "plpgsql", "body": "BEGIN NEW.made := now(); RETURN NEW; END"},
    },
}
SECOND = "ALTER TABLE shop.notes ADD COLUMN b int;\nINSERT INTO shop.notes (a) VALUES (1);\n"
FILES = {
    "0001_notes.up.sql": "CREATE TABLE shop.notes (a int);\n",
    "0001_notes.down.sql": "DROP TABLE shop.notes;\n",
    "0002_more.sql": SECOND,
    "0002_more.down.sql": "ALTER TABLE shop.notes DROP COLUMN b;",
}


def read(said: dict[str, Any]) -> Schema:
    wrong: list[str] = []
    schema = Reader(lambda path, message, offset: wrong.append(f"{path}: {message}")).schema(said)
    assert wrong == []
    return schema


def applied(address: str, schema: Schema, files: dict[str, str] | None = None, **how: bool) -> Done:
    migrations, wrong = migrations_of(files or {})
    assert wrong == []
    options = {"compare": True, "allow_drop": False, "dry_run": False} | how
    with opened(address) as connection:
        return apply(connection, schema, migrations, **options)


def planned(address: str, schema: Schema) -> list[str]:
    with opened(address) as connection:
        return [step.text for step in plan(connection, schema)]


def snapshot(address: str) -> list[tuple[Any, ...]]:
    """Everything that the catalogue has of our own schemas, and all rows of our tables."""
    with psycopg.connect(address) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(
            "SELECT n.nspname, c.relname, a.attname, a.atttypid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " LEFT JOIN pg_attribute a ON a.attrelid = c.oid WHERE n.nspname !~ '^pg_|^information_schema' ORDER BY 1, 2, 3"
        ).fetchall()
        functions = connection.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace > 16000 ORDER BY 1, 2")
        return [*rows, *functions.fetchall()]


def test_the_script_runs_twice(database: str) -> None:
    text = "\n".join(statement.text for statement in script(read(SHOP)))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text)  # type: ignore[arg-type]
    before = snapshot(database)
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text)  # type: ignore[arg-type]
    assert snapshot(database) == before
    assert ("shop", "orders", "customer", 20) in before
    assert planned(database, read(SHOP)) == []


def test_apply_twice_changes_nothing(database: str) -> None:
    first = applied(database, read(SHOP), FILES)
    assert first.migrations == ("0001_notes.up.sql", "0002_more.sql")
    assert first.statements
    before = snapshot(database)
    again = applied(database, read(SHOP), FILES)
    assert (again.migrations, again.statements) == ((), ())
    assert snapshot(database) == before
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO shop.customers DEFAULT VALUES; INSERT INTO shop.orders (customer) VALUES (1)")
        assert connection.execute("SELECT shop.count_orders(1), code FROM shop.orders").fetchone() == (1, "X")
        for wrong in ("state = 'lost'", "total = -1", "customer = 7"):
            with pytest.raises(psycopg.IntegrityError), connection.transaction():
                connection.execute(f"UPDATE shop.orders SET {wrong}")  # type: ignore[arg-type]


@pytest.mark.parametrize("broken", ["SELECT 1;\nSELECT nothing FROM nowhere;", "INSERT INTO shop.notes VALUES ('x');"])
def test_a_failing_migration_leaves_everything_as_it_was(broken: str, database: str) -> None:
    before = snapshot(database)
    with pytest.raises(DatabaseTrouble, match=r"0003_broken.sql"):
        applied(database, read(SHOP), {**FILES, "0003_broken.sql": broken})
    assert snapshot(database) == before


def test_a_failing_statement_leaves_everything_as_it_was(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigint, total text DEFAULT 'much')")
        connection.execute("INSERT INTO shop.orders VALUES (1)")
    before = snapshot(database)
    with pytest.raises(DatabaseTrouble, match="customer"):
        applied(database, read(SHOP))
    assert snapshot(database) == before


def test_two_at_once_serialise(database: str) -> None:
    slow = {
        "0001_slow.sql": "CREATE TABLE public.seen (n int); SELECT pg_sleep(0.4); INSERT INTO public.seen VALUES (1);"
    }
    done: list[object] = []

    def run() -> None:
        try:
            done.append(applied(database, read(SHOP), slow))
        except Exception as error:
            done.append(error)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(isinstance(each, Done) for each in done), done
    assert sorted(len(each.migrations) for each in done if isinstance(each, Done)) == [0, 0, 1]
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT n FROM public.seen").fetchall() == [(1,)]


HOSTILE = [
    '"; DROP TABLE x; --',
    "select",
    "Gro\u00dfe T\u00e4ble \U0001f409",
    "a" * 63,
    "\u00e9" * 31,
    "it's %s {x} $$ \\ 100%",
    "a.b",
    " ",
    "\n",
]


def test_hostile_names_survive(database: str) -> None:
    tables = {
        name: {
            "columns": [{"name": "id", "type": "int", "primary_key": True}]
            + [{"name": other, "type": "text", "unique": True, "description": other} for other in HOSTILE]
            + [{"name": "link", "type": "int"}],
            "indexes": [{"columns": [other]} for other in HOSTILE],
            "foreign_keys": [{"columns": ["link"], "references": {"table": HOSTILE[number - 1]}}],
        }
        for number, name in enumerate(HOSTILE)
    }
    functions = {name: {"returns": "text", "body": f"SELECT '{number}'"} for number, name in enumerate(HOSTILE)}
    schema = read({"tables": tables, "functions": functions})
    assert applied(database, schema).statements
    assert planned(database, schema) == []
    with psycopg.connect(database) as connection:
        found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert {name for (name,) in found} >= set(HOSTILE)
        columns = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = '\"select\"'::regclass AND attnum > 0"
        )
        assert {name for (name,) in columns} == {"id", "link", *HOSTILE}
    text = "\n".join(statement.text for statement in script(schema))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(text)  # type: ignore[arg-type]


def test_names_that_would_be_cut_are_mistakes() -> None:
    wrong: list[object] = []
    reader = Reader(lambda path, message, offset: wrong.append((path, message)))
    reader.schema(
        {"tables": {"\u00e9" * 32: {"columns": [{"name": "", "type": "int"}, {"name": "a\0b", "type": "int"}]}}}
    )
    assert len(wrong) == 3


def changed(**columns: dict[str, Any] | None) -> Schema:
    """The shop with other columns of orders."""
    said = [dict(column) for column in SHOP["tables"]["orders"]["columns"]]
    kept = [
        column | (columns.get(column["name"], {}) or {})
        for column in said
        if columns.get(column["name"], {}) is not None
    ]
    kept += [{"name": name} | (more or {}) for name, more in columns.items() if name not in {c["name"] for c in said}]
    return read({**SHOP, "tables": {**SHOP["tables"], "orders": {**SHOP["tables"]["orders"], "columns": kept}}})


def test_the_plan_leads_from_one_file_to_the_other(database: str) -> None:
    applied(database, read(SHOP))
    new = changed(
        total={"type": "numeric(12,3)", "default": 1}, made={"nullable": True, "default": None}, extra={"type": "int"},
        state={"check": "state <> ''"}, code={"unique": False},
    )  # fmt: skip
    steps = planned(database, new)
    assert any("ADD COLUMN" in step for step in steps)
    done = applied(database, new)
    assert [step.name for step in done.kept] == ["orders.orders_code_key"]
    assert [step.name for step in applied(database, new, allow_drop=True).statements] == ["orders.orders_code_key"]
    assert planned(database, new) == []
    assert applied(database, read(SHOP), allow_drop=True).statements
    assert planned(database, read(SHOP)) == []


def test_drops_only_when_they_are_allowed(database: str) -> None:
    applied(database, read(SHOP))
    without = read({**SHOP, "tables": {"customers": {"columns": [{"name": "id", "type": "bigint", "primary_key": True}]}},
                    "functions": {}})  # fmt: skip
    kept = {step.name for step in applied(database, without).kept}
    assert {"orders", "customers.tags", "shout"} <= kept
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM shop.orders").fetchone() == (0,)
    applied(database, without, allow_drop=True)
    assert planned(database, without) == []
    with pytest.raises(Refused, match=r"0001_gone.sql:1:11: this drops"):
        applied(database, without, {"0001_gone.sql": "SELECT 1; DROP TABLE shop.customers"})


def test_a_dry_run_changes_nothing(database: str) -> None:
    before = snapshot(database)
    assert applied(database, read(SHOP), FILES, dry_run=True).migrations == ("0001_notes.up.sql", "0002_more.sql")
    assert planned(database, read(SHOP))
    assert snapshot(database) == before


def test_what_was_applied_may_not_change(database: str) -> None:
    applied(database, read(SHOP), FILES)
    with pytest.raises(Refused, match="changed after it was applied"):
        applied(database, read(SHOP), {**FILES, "0002_more.sql": SECOND + "-- more"})
    with pytest.raises(Refused, match="comes too late"):
        applied(database, read(SHOP), {**FILES, "0000_early.sql": "SELECT 1"})
    assert applied(database, read(SHOP), {**FILES, "0002_more.sql": SECOND.replace("\n", "\r\n")}).migrations == ()


def test_rollback_takes_back_the_newest_first(database: str) -> None:
    schema, (migrations, _) = read(SHOP), migrations_of(FILES)
    applied(database, schema, FILES)
    with opened(database) as connection, pytest.raises(Refused, match="drops"):
        rollback(connection, schema, migrations, 1, allow_drop=False, dry_run=False)
    with opened(database) as connection:
        assert rollback(connection, schema, migrations, 1, allow_drop=True, dry_run=False).migrations == (
            "0002_more.down.sql",
        )
        assert rollback(connection, schema, migrations, 1, allow_drop=True, dry_run=False).migrations == ()
    assert applied(database, schema, FILES, compare=False).migrations == ("0002_more.sql",)
    with opened(database) as connection:
        done = rollback(connection, schema, migrations, 0, allow_drop=True, dry_run=False)
    assert done.migrations == ("0002_more.down.sql", "0001_notes.down.sql")
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('shop.notes')").fetchone() == (None,)


def test_a_missing_database_is_made_when_asked_for(server: str) -> None:
    address = f"{server} dbname='made \"up\"'"
    with pytest.raises(DatabaseTrouble, match="does not exist"), opened(address):
        pass
    for _ in range(2):
        with opened(address, create=True) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)


def test_no_server_is_no_success(server: str) -> None:
    with (
        pytest.raises(DatabaseTrouble),
        opened("host=127.0.0.1 port=1 user=a password=Gartenzwerg99 connect_timeout=2"),
    ):
        pass
    with pytest.raises(DatabaseTrouble) as caught, opened("postgres//a:Gartenzwerg99@b"):
        pass
    assert "Gartenzwerg" not in str(caught.value)


def test_anvil_tables(database: str) -> None:
    wrong: list[object] = []
    said = {
        "tasks": {
            "title": "Tasks", "client": "none", "server": "full",
            "columns": [
                {"name": "Was zu tun ist", "type": "string"}, {"name": "done", "type": "bool"}, {"name": "at", "type": "datetime"},
                {"name": "weight", "type": "number"}, {"name": "file", "type": "media"}, {"name": "more", "type": "simpleObject"},
                {"name": "owner", "type": "link_single", "target": "people"},
                {"name": "helpers", "type": "link_multiple", "target": "people"},
            ],
            "indexes": [{"columns": ["at"], "type": "b_tree"}, {"columns": ["Was zu tun ist"], "type": "full_text"}],
        },
        "people": {"columns": [{"name": "boss", "type": "link_single", "target": "people"},
                               {"name": "first task", "type": "link_single", "target": "tasks"}]},
    }  # fmt: skip
    schema = anvil_schema(said, lambda path, message, offset: wrong.append((path, message)))
    assert wrong == []
    assert applied(database, schema).statements
    assert planned(database, schema) == []
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO people DEFAULT VALUES; INSERT INTO tasks (owner) VALUES (1)")
        connection.execute("INSERT INTO tasks_helpers VALUES (1, 1)")
