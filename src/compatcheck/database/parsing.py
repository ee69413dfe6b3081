"""SQL that people write, through PostgreSQL's own parser: only what it took for one type or one expression goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pglast import ast, parse_sql
from pglast.enums import SetOperation, TransactionStmtKind
from pglast.parser import ParseError, parse_plpgsql_json
from pglast.stream import RawStream

# The parser's mode for `name := value`, and above.
_ASSIGNMENT = 3
_ASSIGNED = re.compile(r"[^=:]*:?=(.*)", re.DOTALL)
# What every SELECT has.
_PLAIN = ("targetList", "limitOption", "op")


class BadSql(ValueError):
    """What the parser says; `offset` in characters where it knows the place."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Caution:
    """A statement that needs a word: what it is, and where it begins (characters)."""

    what: str
    offset: int


def statements(text: str) -> tuple[Any, ...]:
    """The statements of a script. Raises BadSql."""
    try:
        parsed: tuple[Any, ...] = parse_sql(text)
    except ParseError as error:
        raise BadSql(str(error.args[0]), error.args[1] if len(error.args) > 1 else None) from error
    except (ValueError, RecursionError) as error:
        raise BadSql("the parser gives up") from error
    return parsed


def type_of(text: str) -> str:
    """A type as the parser prints it. Raises BadSql for anything else."""
    target = _only_target("SELECT CAST(NULL AS ", text)
    if not isinstance(target, ast.TypeCast):
        raise BadSql("no type")
    return _printed(target.typeName, lambda printed: _only_target("SELECT CAST(NULL AS ", printed).typeName)


def expression(text: str) -> str:
    """One expression as the parser prints it. Raises BadSql for anything else."""
    return _printed(_only_target("SELECT (", text), lambda printed: _only_target("SELECT (", printed))


def _only_target(before: str, text: str) -> Any:
    """The one thing that is selected; a comment at the text's end does not reach the bracket."""
    try:
        parsed = statements(f"{before}{text}\n)")
    except BadSql as error:
        at = None if error.offset is None else min(max(error.offset - len(before), 0), len(text))
        raise BadSql(str(error), at) from error
    select = parsed[0].stmt if len(parsed) == 1 else None
    if not isinstance(select, ast.SelectStmt):
        raise BadSql("more than one statement")
    clauses = [name for name in select if name not in _PLAIN and getattr(select, name)]
    targets = select.targetList or ()
    if clauses or select.op != SetOperation.SETOP_NONE or len(targets) != 1 or targets[0].name:
        raise BadSql("more than an expression")
    return targets[0].val


def _printed(node: Any, again: Any) -> str:
    """The node as text that means the same."""
    text: str = RawStream()(node)
    if again(text) != node:
        raise BadSql("cannot be written down again with the same meaning")
    return text


def called(text: str) -> frozenset[str]:
    """Names of functions that an accepted expression calls."""
    found: set[str] = set()
    waiting = [_only_target("SELECT (", text)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (tuple, list)):
            waiting += node
        elif isinstance(node, ast.Node):
            if isinstance(node, ast.FuncCall) and node.funcname:
                found.add(node.funcname[-1].sval)
            waiting += [getattr(node, name) for name in node]
    return frozenset(found)


def check_body(body: str, language: str, header: str) -> None:
    """A function's body; `header` is its `CREATE FUNCTION … AS` without it. Raises BadSql."""
    if language == "sql":
        statements(body)
        return
    try:
        parsed = json.loads(parse_plpgsql_json(header))
    except ParseError as error:
        raise BadSql(str(error.args[0])) from error
    for value in _assigned(parsed):
        try:
            _only_target("SELECT (", value)
        except BadSql as error:
            raise BadSql(f"{error}, in what is assigned") from error


def _assigned(parsed: Any) -> Iterator[str]:
    """What fields are assigned: the parser of PL/pgSQL looks at all other expressions by itself."""
    waiting = [parsed]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            if node.get("parseMode", 0) >= _ASSIGNMENT and (match := _ASSIGNED.match(node.get("query", ""))):
                yield match[1]


def cautions(text: str) -> list[Caution]:
    """Statements of a script that cannot run in a transaction, that end it, or that lose data. Raises BadSql."""
    found = []
    for raw in statements(text):
        what = _caution(raw.stmt)
        if what:
            at = raw.stmt_location or 0
            found.append(Caution(what, at + len(text[at:]) - len(text[at:].lstrip())))
    return found


DROPS = "drops"
_ENDS = "ends the transaction"
_OUTSIDE = "cannot run in a transaction"


def _caution(node: Any) -> str | None:
    if isinstance(node, ast.TransactionStmt):
        savepoints = ("SAVEPOINT", "RELEASE", "ROLLBACK_TO")
        kind = TransactionStmtKind(node.kind or 0).name
        return None if kind.removeprefix("TRANS_STMT_") in savepoints else _ENDS
    outside = (ast.CreatedbStmt, ast.DropdbStmt, ast.VacuumStmt, ast.AlterSystemStmt, ast.CreateTableSpaceStmt)
    if isinstance(node, outside) or getattr(node, "concurrent", False):
        return _OUTSIDE
    if isinstance(node, (ast.DropStmt, ast.TruncateStmt, ast.DropOwnedStmt)):
        return DROPS
    if isinstance(node, ast.AlterTableStmt) and any(cmd.subtype.name == "AT_DropColumn" for cmd in node.cmds or ()):
        return DROPS
    return None
