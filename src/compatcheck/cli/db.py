"""`compatcheck db`: a configuration's tables as SQL, against a live database, and migrations."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import FINDINGS, INCOMPLETE, PASSED, UsageMistakes
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell, write
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands, Parser
    from compatcheck.database.applying import Done
    from compatcheck.database.migrations import Migration, Mistake
    from compatcheck.database.schema import Schema
    from compatcheck.database.statements import Statement

_EXAMPLES = """\
examples:
  compatcheck db sql anvil.yaml.example --environment production
  compatcheck db check anvil.yaml.example --migrations migrations
  compatcheck db plan anvil.yaml.example        # PGHOST, PGDATABASE, … or DATABASE_URL say where
  compatcheck db apply anvil.yaml.example --migrations migrations --dry-run
  compatcheck db rollback --migrations migrations --to 3 --allow-drop

exit codes: 0 done, 1 mistakes or refusals, 2 usage, 3 the database cannot be reached or refuses
"""
_LARGEST = 16 << 20
_PARTS = {"tables": ("session", "schema", "extension", "table", "constraint", "comment"), "indexes": ("index",),
          "functions": ("function",)}  # fmt: skip


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "db", "The database that a configuration describes, as PostgreSQL.")
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    sql = _action(actions, "sql", "print the SQL that makes the tables, indexes and functions")
    sql.add_argument("--output", metavar="FILE", help="write it there")
    sql.add_argument("--split", metavar="DIR", help="write tables.sql, indexes.sql and functions.sql there")
    check = _action(actions, "check", "let PostgreSQL's parser read the file's SQL and the migrations")
    plan = _action(actions, "plan", "print what would bring a live database to the file")
    apply = _action(actions, "apply", "bring a live database to the file and run migrations, all or nothing")
    apply.add_argument("--no-create", action="store_true", help="do not create a missing database")
    back = actions.add_parser("rollback", help="take migrations back", allow_abbrev=False)
    back.add_argument("--to", metavar="N", type=int, required=True, help="the number that is the last to stay; 0: none")
    back.add_argument("--schema", metavar="NAME", default="public", help="where the migrations were noted (public)")
    for each in (check, apply):
        each.add_argument("--migrations", metavar="DIR", help="numbered .sql files")
    back.add_argument("--migrations", metavar="DIR", required=True, help="numbered .sql files")
    for each in (plan, apply, back):
        each.add_argument(
            "--database", metavar="URL", help="its address; default: DATABASE_URL, then libpq's variables"
        )
    for each in (apply, back):
        each.add_argument("--dry-run", action="store_true", help="try it, and take all of it back")
        each.add_argument("--allow-drop", action="store_true", help="also what loses data")


def _action(actions: argparse._SubParsersAction[Parser], name: str, summary: str) -> Parser:
    parser = actions.add_parser(name, help=summary, allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", nargs="?", default="anvil.yaml", help="anvil.yaml or a deployment file")
    parser.add_argument("--environment", metavar="NAME", help="as this environment overrides it")
    return parser


def run(args: argparse.Namespace) -> int:
    try:
        import pglast  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        raise UsageMistakes(["db needs more: pip install 'compatcheck[db]'"]) from error
    from compatcheck.database.applying import DatabaseTrouble, Refused
    from compatcheck.database.reading import BadFile

    try:
        return _ACTIONS[args.action](args)
    except BadFile as error:
        _tell(map(str, error.mistakes))
        return FINDINGS
    except Refused as error:
        _tell(error.reasons)
        if any("drops" in reason for reason in error.reasons):
            _tell(["nothing was changed; --allow-drop allows it"])
        return FINDINGS
    except DatabaseTrouble as error:
        _tell([str(error)])
        return INCOMPLETE


def _sql(args: argparse.Namespace) -> int:
    from compatcheck.database.statements import script

    statements = script(_schema(args))
    if args.split is not None:
        folder = Path(args.split)
        folder.mkdir(parents=True, exist_ok=True)
        for part, kinds in _PARTS.items():
            chosen = [each for each in statements if each.kind in kinds or each.kind == "session"]
            _write(folder / f"{part}.sql", _text(chosen))
    elif args.output is not None:
        _write(Path(args.output), _text(statements))
    else:
        out(_text(statements))
    return PASSED


def _check(args: argparse.Namespace) -> int:
    from compatcheck.database.migrations import mistakes_in
    from compatcheck.database.reading import BadFile

    mistakes: list[Mistake] = []
    try:
        _schema(args)
    except BadFile as error:
        mistakes += error.mistakes
    migrations, wrong = _read_migrations(args.migrations)
    scripts = [each for migration in migrations for each in (migration.up, migration.down) if each is not None]
    mistakes += [*wrong, *mistakes_in(scripts)]
    out("".join(f"{harmless(str(mistake))}\n" for mistake in mistakes))
    if not mistakes:
        out(
            f"{args.file}: PostgreSQL's parser accepts all SQL{f', {len(scripts)} migration files included' if scripts else ''}.\n"
        )
    return FINDINGS if mistakes else PASSED


def _plan(args: argparse.Namespace) -> int:
    from compatcheck.database.applying import opened
    from compatcheck.database.planning import plan

    schema = _schema(args)
    with opened(_address(args)) as connection:
        steps = plan(connection, schema)
    out(_text(steps) if steps else "-- Nothing to do: the database is what the file says.\n")
    return PASSED


def _apply(args: argparse.Namespace) -> int:
    from compatcheck.database.applying import apply, opened

    schema, migrations = _schema(args), _checked_migrations(args.migrations)
    create = not args.no_create and not args.dry_run
    with opened(_address(args), create=create) as connection:
        done = apply(
            connection, schema, migrations, compare=True, allow_drop=args.allow_drop, dry_run=args.dry_run
        )  # fmt: skip
    _report(done, args.dry_run)
    return PASSED


def _rollback(args: argparse.Namespace) -> int:
    from compatcheck.database.applying import opened, rollback
    from compatcheck.database.schema import Schema

    migrations = _checked_migrations(args.migrations)
    with opened(_address(args)) as connection:
        done = rollback(
            connection, Schema(args.schema), migrations, args.to, allow_drop=args.allow_drop, dry_run=args.dry_run
        )  # fmt: skip
    _report(done, args.dry_run)
    return PASSED


_ACTIONS = {"sql": _sql, "check": _check, "plan": _plan, "apply": _apply, "rollback": _rollback}


def _report(done: Done, dry: bool) -> None:
    lines = [f"-- {harmless(file)}\n" for file in done.migrations]
    lines.append(_text(done.statements))
    if done.kept:
        lines.append("-- Kept, since it is not in the file; --allow-drop drops it:\n")
        lines += [f"--   {harmless(step.kind)} {harmless(step.name)}\n" for step in done.kept]
    if not done.migrations and not done.statements:
        lines.append("-- Nothing to do.\n")
    elif dry:
        lines.append("-- Tried, and taken back: nothing has changed.\n")
    out("".join(lines))


def _text(statements: Iterable[Statement]) -> str:
    return "".join(f"{statement.text}\n" for statement in statements)


def _schema(args: argparse.Namespace) -> Schema:
    from compatcheck.database.reading import read_schema

    return read_schema(args.file, _bytes(Path(args.file)), args.environment)


def _bytes(path: Path) -> bytes:
    from compatcheck.project.files import read_bytes

    try:
        return read_bytes(str(path), _LARGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no regular file of reasonable size"
        raise UsageMistakes([f"{path}: {reason}"]) from error


def _read_migrations(folder: str | None) -> tuple[list[Migration], list[Mistake]]:
    from compatcheck.database.migrations import migrations_of

    if folder is None:
        return [], []
    place = Path(folder)
    if not place.is_dir():
        raise UsageMistakes([f"--migrations: there is no folder {folder!r}"])
    files = {}
    for path in sorted(place.glob("*.sql")):
        try:
            files[path.name] = _bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UsageMistakes([f"{path}: not UTF-8"]) from error
    return migrations_of(files)


def _checked_migrations(folder: str | None) -> list[Migration]:
    """Migrations that the parser accepts. Raises BadFile."""
    from compatcheck.database.migrations import mistakes_in
    from compatcheck.database.reading import BadFile

    migrations, wrong = _read_migrations(folder)
    scripts = [each for migration in migrations for each in (migration.up, migration.down) if each is not None]
    if mistakes := [*wrong, *mistakes_in(scripts)]:
        raise BadFile(mistakes)
    return migrations


def _address(args: argparse.Namespace) -> str:
    return args.database or os.environ.get("DATABASE_URL") or ""


def _write(path: Path, text: str) -> None:
    try:
        write(path, text)
    except OSError as error:
        raise UsageMistakes([f"{path}: cannot be written: {error.strerror}"]) from error


def _tell(lines: Iterable[str]) -> None:
    tell(harmless(line) for line in lines)
