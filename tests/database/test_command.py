"""`compatcheck db` as users call it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

EXAMPLE = Path(__file__).parents[2] / "anvil.yaml.example"
ANVIL = """\
name: a
services: []
db_schema:
  tasks:
    title: Tasks
    client: none
    server: full
    columns:
      - {name: title, type: string, admin_ui: {width: 100, order: 0}}
"""


def db(folder: Path, *argv: str, address: str | None = None) -> subprocess.CompletedProcess[str]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environ |= {} if address is None else {"DATABASE_URL": address}
    return subprocess.run(
        [sys.executable, "-m", "compatcheck", "db", *argv], cwd=folder, env=environ, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app.yaml").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "anvil.yaml").write_text(ANVIL)
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    (migrations / "0001_seed.up.sql").write_text("CREATE TABLE seed (n int);\n")
    (migrations / "0001_seed.down.sql").write_text("DROP TABLE seed;\n")
    return tmp_path


def test_from_nothing_to_the_file_and_back(folder: Path, server: str) -> None:
    address = f"{server} dbname=fresh"
    tried = db(folder, "apply", "app.yaml", "--dry-run", address=address)
    assert (tried.returncode, "does not exist" in tried.stderr) == (3, True)
    first = db(folder, "apply", "app.yaml", "--migrations", "migrations", address=address)
    assert first.returncode == 0, first.stderr
    assert "-- 0001_seed.up.sql" in first.stdout and 'CREATE TABLE IF NOT EXISTS "public"."people"' in first.stdout
    assert "Kept" in first.stdout  # the table of the migration
    again = db(folder, "apply", "app.yaml", "--migrations", "migrations", address=address)
    assert again.stdout.endswith("-- Nothing to do.\n")
    with psycopg.connect(address) as connection:
        connection.execute("ALTER TABLE tasks DROP COLUMN details")
    plan = db(folder, "plan", "app.yaml", "--environment", "production", address=address)
    assert 'ALTER TABLE "public"."tasks" ADD COLUMN "details" jsonb;' in plan.stdout
    refused = db(folder, "rollback", "--migrations", "migrations", "--to", "0", address=address)
    assert (refused.returncode, "--allow-drop" in refused.stderr) == (1, True)
    back = db(folder, "rollback", "--migrations", "migrations", "--to", "0", "--allow-drop", address=address)
    assert (back.returncode, back.stdout) == (0, "-- 0001_seed.down.sql\n")


def test_sql_as_one_file_or_split(folder: Path, database: str) -> None:
    whole = db(folder, "sql", "app.yaml")
    assert db(folder, "sql", "app.yaml", "--output", "all.sql").returncode == 0
    assert (folder / "all.sql").read_text() == whole.stdout
    assert db(folder, "sql", "app.yaml", "--split", "out").returncode == 0
    parts = [(folder / "out" / f"{part}.sql").read_text() for part in ("tables", "indexes", "functions")]
    with psycopg.connect(database, autocommit=True) as connection:
        for text in [*parts, whole.stdout]:
            connection.execute(text)  # type: ignore[arg-type]
    assert db(folder, "plan", "app.yaml", "--database", database).stdout.startswith("-- Nothing to do")


def test_anvils_own_file(folder: Path, database: str) -> None:
    assert db(folder, "apply", address=database).returncode == 0
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT title FROM tasks").fetchall() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("length(title) > 0", "length(title > 0"), ("type: jsonb", "type: json b c"), ("now()}", "now(}"),
        ("select count(*)", "selec count(*)"), ("state <> 'done'}", "state <>}"),
        ("new.updated_at := now();", "new.updated_at = ;"),
    ],
)  # fmt: skip
def test_check_tells_the_place(old: str, new: str, folder: Path) -> None:
    text = EXAMPLE.read_text()
    lines = text.splitlines()
    line = next(number for number, each in enumerate(lines, 1) if old in each)
    (folder / "app.yaml").write_text(text.replace(old, new, 1))
    done = db(folder, "check", "app.yaml")
    assert done.returncode == 1
    (told,) = done.stdout.splitlines()
    file, told_line, told_column, _ = told.split(":", 3)
    assert file == "app.yaml"
    if "assigned" in told:  # PL/pgSQL's parser knows no place: that of the body
        assert lines[int(told_line) - 1].strip() == "body: |"
    else:
        start = lines[line - 1].index(old)
        assert (int(told_line), start - 1 <= int(told_column) - 1 <= start + len(new)) == (line, True), told


def test_check_reads_migrations(folder: Path) -> None:
    assert db(folder, "check", "app.yaml", "--migrations", "migrations").returncode == 0
    (folder / "migrations" / "0002_bad.sql").write_text("SELECT 1;\n\n  SELEC 2;\n")
    (folder / "migrations" / "0003_ends.sql").write_text("SELECT 1;\nCOMMIT;\n")
    (folder / "migrations" / "0004_out.sql").write_text("CREATE INDEX CONCURRENTLY i ON seed (n);\n")
    (folder / "migrations" / "0004_twice.sql").write_text("SELECT 1;\n")
    (folder / "migrations" / "words.sql").write_text("SELECT 1;\n")
    done = db(folder, "check", "app.yaml", "--migrations", "migrations")
    assert done.returncode == 1
    for told in ("0002_bad.sql:3:3: no valid SQL", "0003_ends.sql:2:1: this ends the transaction", "words.sql: the name",
                 "0004_out.sql:1:1: this cannot run in a transaction", "0004_twice.sql: number 4"):  # fmt: skip
        assert told in done.stdout


def test_mistakes_are_told_all_at_once_and_nothing_is_run(folder: Path, database: str) -> None:
    (folder / "app.yaml").write_text("app: {name: a}\ndatabase:\n  tables:\n    a: {columns: [{name: x, type: 'i t'}]}\n    "
                                     + "b" * 64 + ": {columns: [{name: y, type: int}]}\n")  # fmt: skip
    done = db(folder, "apply", "app.yaml", address=database)
    assert done.returncode == 1
    assert "app.yaml:4:" in done.stderr and "app.yaml:5:" in done.stderr


@pytest.mark.parametrize(
    ("argv", "code", "told"),
    [
        (["sql", "none.yaml"], 2, "none.yaml"), (["sql", "app.yaml", "--environment", "moon"], 1, "known are"),
        (["plan", "app.yaml", "--database", "postgresql://u:Gartenzwerg99@127.0.0.1:1/x"], 3, "onnect"),
        (["check", "app.yaml", "--migrations", "none"], 2, "there is no folder"),
    ],
)  # fmt: skip
def test_what_cannot_be_done(argv: list[str], code: int, told: str, folder: Path) -> None:
    done = db(folder, *argv)
    assert (done.returncode, told in done.stderr, "Gartenzwerg" in done.stderr) == (code, True, False), done.stderr
