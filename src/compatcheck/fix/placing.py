"""Imports and definitions into a module: added once, sorted where they belong, before what needs them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import libcst as cst

from compatcheck.fix.changes import Changes, Choice, Import
from compatcheck.fix.imported import module_name

_BLANK = cst.EmptyLine(indent=False, whitespace=cst.SimpleWhitespace(""))


class Layout:
    """A module's statements, each with the index of the one that it came from."""

    def __init__(self, module: cst.Module, bodies: Sequence[Sequence[cst.BaseStatement]]) -> None:
        self._module = module
        self._rows = [(index, statement) for index, statements in enumerate(bodies) for statement in statements]

    def module(self, changes: Changes) -> cst.Module:
        """The module with what the changes ask for."""
        for choice in sorted(set(changes.choices), key=lambda one: (one.then, one.name)):
            self._choose(choice)
        for name, (code, use) in sorted(changes.definitions.items()):
            self._define(name, code, use)
        for wanted in _earliest(changes.imports):
            self._import(wanted)
        if changes.future:
            self._future()
        return self._module.with_changes(body=[statement for _, statement in self._rows])

    def _insert(self, at: int, origin: int, *statements: cst.BaseStatement) -> None:
        """What stands first in a module carries the comments above it, which its header holds."""
        self._rows[at:at] = [(origin, statement) for statement in statements]

    def _limit(self, use: int) -> int:
        """The row before which things must stand that statement `use` needs."""
        return next((row for row, (index, _) in enumerate(self._rows) if index >= use), len(self._rows))

    def _head(self) -> int:
        """The first row after the docstring and the imports from __future__."""
        return head_start([statement for _, statement in self._rows])

    def _block(self) -> int:
        """The first row after the imports at the module's head, guarded ones included."""
        return head_end([statement for _, statement in self._rows])

    def _future(self) -> None:
        line = _line("from __future__ import annotations")
        row = 1 if self._rows and _is_docstring(self._rows[0][1]) else 0
        futures = [at for at, (_, statement) in enumerate(self._rows) if _imports_future(statement)]
        if futures:
            row = futures[0]
            old = self._rows[row][1]
            line = line.with_changes(leading_lines=_leading(old))
            self._rows[row] = self._rows[row][0], old.with_changes(leading_lines=())
        else:
            line = line.with_changes(leading_lines=[_BLANK] if row else ())
            self._space(row)
        self._insert(row, -1, line)

    def _space(self, row: int, lines: int = 1) -> None:
        """Blank lines above a row."""
        if row >= len(self._rows):
            return
        index, statement = self._rows[row]
        leading = list(_leading(statement))
        blank = sum(1 for line in leading[:2] if line.comment is None)
        if blank < lines:
            self._rows[row] = index, statement.with_changes(leading_lines=[_BLANK] * (lines - blank) + leading)

    def _import(self, wanted: Import) -> None:
        if wanted.name and self._joined(wanted):
            return
        text = _import_text(wanted)
        if any(_code(statement).strip() == text for _, statement in self._rows[: self._limit(wanted.use) + 1]):
            return
        row = min(self._place(wanted), self._limit(wanted.use))
        statement = _line(text)
        if row == self._head():
            first = row < len(self._rows) and _is_import(self._rows[row][1])
            statement = self._first(statement, row, together=first and _section(_import_of(self._rows[row][1])) == 0)
        self._insert(row, -1, statement)

    def _first(self, statement: cst.SimpleStatementLine, row: int, together: bool) -> cst.SimpleStatementLine:
        """An import that becomes the first: it takes the blank lines above what it precedes."""
        if row >= len(self._rows):
            return statement.with_changes(leading_lines=[_BLANK] if row else ())
        index, old = self._rows[row]
        leading = _leading(old)
        if together:
            self._rows[row] = index, old.with_changes(leading_lines=())
            return statement.with_changes(leading_lines=leading)
        if (row and not any(line.comment is None for line in leading[:1])) or row:
            statement = statement.with_changes(leading_lines=[_BLANK])
        self._space(row, 1 if _is_import(old) or not isinstance(old, (cst.FunctionDef, cst.ClassDef)) else 2)
        return statement

    def _joined(self, wanted: Import) -> bool:
        """Into the statement that imports from the module already."""
        for row, (index, statement) in enumerate(self._rows[: self._limit(wanted.use) + 1]):
            small = _import_of(statement)
            if not isinstance(small, cst.ImportFrom) or small.relative or isinstance(small.names, cst.ImportStar):
                continue
            if module_name(small) != wanted.module or index > wanted.use:
                continue
            alias = _alias(wanted)
            if any(each.evaluated_name == wanted.name and _local(each) == wanted.alias for each in small.names):
                return True
            self._rows[row] = index, statement.deep_replace(small, _with_name(small, alias))  # type: ignore[arg-type]
            return True
        return False

    def _place(self, wanted: Import) -> int:
        """The row of a new import: sorted among those of its section."""
        head, end = self._head(), self._block()
        key = _key(wanted.module, bool(wanted.name))
        row = head
        for at in range(head, end):
            small = _import_of(self._rows[at][1])
            if small is None:
                continue
            if (_section(small), _small_key(small)) < (_section_of(wanted.module), key):
                row = at + 1
        return row

    def _choose(self, choice: Choice) -> None:
        for row, (index, statement) in enumerate(self._rows[: self._limit(choice.use) + 1]):
            if isinstance(statement, cst.If) and _code(statement).strip() == _choice_code(choice):
                return
            if isinstance(statement, cst.If) and (merged := _merged(statement, choice)):
                self._rows[row] = index, merged
                return
        self._place_definition(_choice_code(choice) + "\n", choice.use)

    def _define(self, name: str, code: str, use: int) -> None:
        if any(_code(statement).strip() == code.strip() for _, statement in self._rows):
            return
        self._place_definition(code, use)

    def _place_definition(self, code: str, use: int) -> None:
        (statement,) = cst.parse_module(code, self._module.config_for_parsing).body
        row = self._block()
        while row < len(self._rows) and self._rows[row][0] < 0:  # what was placed before goes first
            row += 1
        row = min(row, self._limit(use))
        function = isinstance(statement, (cst.FunctionDef, cst.ClassDef)) or "def " in code or "class " in code
        together = _assigns_call(statement) and row and _assigns_call(self._rows[row - 1][1])
        blanks = [_BLANK] * (2 if function else 0 if together else 1) if row else []
        self._space(row, 2 if function else 1)
        self._insert(row, -1, statement.with_changes(leading_lines=blanks))


def head_start(body: Sequence[cst.CSTNode]) -> int:
    """The index of the first statement after the docstring and the imports from __future__."""
    at = 1 if body and _is_docstring(body[0]) else 0
    while at < len(body) and _imports_future(body[at]):
        at += 1
    return at


def head_end(body: Sequence[cst.CSTNode]) -> int:
    """The index of the first statement after the imports at the head of a module, guarded ones included."""
    at = head_start(body)
    while at < len(body) and (_is_import(body[at]) or _guards_imports(body[at])):
        at += 1
    return at


def _choice_code(choice: Choice) -> str:
    code = f"if {choice.test}:\n{_indented(choice.then)}"
    return (code + (f"else:\n{_indented(choice.otherwise)}" if choice.otherwise else "")).rstrip("\n")


def _merged(statement: cst.If, choice: Choice) -> cst.If | None:
    """A version test that already chooses names of the same modules, with one name more."""
    if _code(statement.test) != choice.test or not isinstance(statement.orelse, cst.Else):
        return None
    if (
        _code(statement.body).strip() == choice.then
        and _code(statement.orelse.body).strip() == choice.otherwise.strip()
    ):
        return statement
    wanted = [_from_text(choice.then), _from_text(choice.otherwise)]
    bodies = [statement.body, statement.orelse.body]
    new: list[cst.BaseSuite] = []
    for body, small in zip(bodies, wanted, strict=True):
        lines = body.body
        old = _import_of(lines[0]) if len(lines) == 1 and isinstance(lines[0], cst.SimpleStatementLine) else None
        if small is None or not isinstance(old, cst.ImportFrom) or isinstance(old.names, cst.ImportStar):
            return None
        if module_name(old) != module_name(small) or isinstance(small.names, cst.ImportStar):
            return None
        (alias,) = small.names
        same = any(_code(each.with_changes(comma=cst.MaybeSentinel.DEFAULT)) == _code(alias) for each in old.names)
        new.append(body if same else body.deep_replace(old, _with_name(old, alias)))  # type: ignore[arg-type]
    return statement.with_changes(body=new[0], orelse=statement.orelse.with_changes(body=new[1]))


def _from_text(text: str) -> cst.ImportFrom | None:
    statements = cst.parse_module(text).body
    small = _import_of(statements[0]) if len(statements) == 1 else None
    return small if isinstance(small, cst.ImportFrom) else None


def _with_name(small: cst.ImportFrom, alias: cst.ImportAlias) -> cst.ImportFrom:
    """The statement with one name more, where it belongs if the names are sorted."""
    assert not isinstance(small.names, cst.ImportStar)
    names = list(small.names)
    at = len(names)
    for order in (_by_kind, str.lower):
        keys = [order(_code(each.name)) for each in names]
        if keys == sorted(keys):
            at = sum(1 for key in keys if key < order(_code(alias.name)))
            break
    comma = next((each.comma for each in names if isinstance(each.comma, cst.Comma)), None)
    comma = comma or cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    last = names[-1]
    if at == len(names):
        names[-1] = last.with_changes(comma=comma)
        return small.with_changes(names=[*names, alias.with_changes(comma=last.comma)])
    return small.with_changes(names=[*names[:at], alias.with_changes(comma=comma), *names[at:]])


def _by_kind(name: str) -> str:
    """Sorts constants first, then classes, then the rest, as isort and ruff do."""
    return ("0" if name.isupper() else "1" if name[:1].isupper() else "2") + name


def _earliest(imports: Iterable[Import]) -> list[Import]:
    found: dict[tuple[str, str, str], Import] = {}
    for one in imports:
        key = one.module, one.name, one.alias
        if key not in found or one.use < found[key].use:
            found[key] = one
    return [found[key] for key in sorted(found)]


def _alias(wanted: Import) -> cst.ImportAlias:
    asname = cst.AsName(cst.Name(wanted.alias)) if wanted.alias != wanted.name else None
    return cst.ImportAlias(cst.Name(wanted.name), asname)


def _local(alias: cst.ImportAlias) -> str:
    return alias.evaluated_alias or alias.evaluated_name


def _import_text(wanted: Import) -> str:
    if not wanted.name:
        return f"import {wanted.module}" + (f" as {wanted.alias}" if wanted.alias != wanted.module else "")
    renamed = f" as {wanted.alias}" if wanted.alias != wanted.name else ""
    return f"from {wanted.module} import {wanted.name}{renamed}"


def _line(text: str) -> cst.SimpleStatementLine:
    statement = cst.parse_statement(text + "\n")
    assert isinstance(statement, cst.SimpleStatementLine)
    return statement.with_changes(trailing_whitespace=cst.TrailingWhitespace())


def _import_of(statement: cst.CSTNode) -> cst.Import | cst.ImportFrom | None:
    if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
        small = statement.body[0]
        if isinstance(small, (cst.Import, cst.ImportFrom)):
            return small
    return None


def _is_import(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.Import, cst.ImportFrom, cst.LazyImport, cst.LazyImportFrom)) for small in statement.body
    )


def _guards_imports(statement: cst.CSTNode) -> bool:
    """Whether an `if` or `try` holds nothing but imports and what fills in for them."""
    if isinstance(statement, cst.Try):
        return all(_is_import(line) for line in statement.body.body)
    return isinstance(statement, cst.If) and all(_is_import(line) for line in statement.body.body)


def _imports_future(statement: cst.CSTNode) -> bool:
    small = _import_of(statement)
    return isinstance(small, cst.ImportFrom) and module_name(small) == "__future__"


def _is_docstring(statement: cst.CSTNode) -> bool:
    if not isinstance(statement, cst.SimpleStatementLine) or not isinstance(statement.body[0], cst.Expr):
        return False
    return isinstance(statement.body[0].value, (cst.SimpleString, cst.ConcatenatedString))


def _assigns_call(statement: cst.CSTNode) -> bool:
    """`T = TypeVar("T")`, and what else goes without a blank line before the next."""
    if not isinstance(statement, cst.SimpleStatementLine) or not isinstance(statement.body[0], cst.Assign):
        return False
    return isinstance(statement.body[0].value, cst.Call)


def _section(small: cst.Import | cst.ImportFrom | None) -> int:
    if isinstance(small, cst.ImportFrom):
        return 2 if small.relative else _section_of(module_name(small))
    return _section_of(small.names[0].evaluated_name) if small is not None else 1


def _section_of(module: str) -> int:
    return 0 if module.partition(".")[0] in sys.stdlib_module_names else 1


def _small_key(small: cst.Import | cst.ImportFrom) -> tuple[bool, str]:
    if isinstance(small, cst.ImportFrom):
        return _key(module_name(small), True)
    return _key(small.names[0].evaluated_name, False)


def _key(module: str, from_it: bool) -> tuple[bool, str]:
    return from_it, module.lower()


def _leading(statement: cst.CSTNode) -> Sequence[cst.EmptyLine]:
    leading: Sequence[cst.EmptyLine] = getattr(statement, "leading_lines", ())
    return leading


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" if line.strip() else "\n" for line in text.splitlines())


def _code(node: cst.CSTNode) -> str:
    return cst.Module(()).code_for_node(node)
