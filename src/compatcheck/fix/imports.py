"""Import statements whose names some targets lack: the same names from elsewhere, under a test of the version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst as cst

from compatcheck.fix.changes import Choice, Import
from compatcheck.fix.chosen import version_test
from compatcheck.fix.imported import module_name
from compatcheck.fix.placing import head_end
from compatcheck.fix.provision import Provision, provision
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import line_of


@dataclass(slots=True)
class Group:
    """What one test of the version decides: names as the library's import says them, and code for where it has none."""

    then: list[tuple[str, str]] = field(default_factory=list)


def replace_import(spot: Spot, alias: cst.ImportAlias) -> None:
    """All names of a statement at once."""
    statement = spot.document.parent(alias)
    if isinstance(statement, cst.ImportFrom):
        _from(spot, statement)
    elif isinstance(statement, cst.Import):
        from compatcheck.fix.modules import plain_import

        plain_import(spot, statement, alias)
    else:
        raise Refused("the import is of a kind that no fix knows")


def _from(spot: Spot, statement: cst.ImportFrom) -> None:
    line = line_of(spot, statement)
    module = module_name(statement)
    if statement.relative or isinstance(statement.names, cst.ImportStar):
        raise Refused("nobody knows where the names come from")
    builder = _Builder(spot, line, module)
    kept = [alias for alias in statement.names if not builder.take(alias)]
    if not builder.changed:
        raise Refused("nothing is known that gives the name to all targets")
    if in_head(spot, line) and (kept or not line.leading_lines):
        builder.into_head(statement, kept)
    else:
        spot.replace(line, builder.statements(statement, kept))


def in_head(spot: Spot, line: cst.SimpleStatementLine) -> bool:
    """Whether a line is one of the imports at the head of the module."""
    body = spot.document.module.body
    return line in spot.document.order and spot.document.order[line] < head_end(body)


class _Builder:
    """Sorts the names of one `from … import …` by what gives them."""

    def __init__(self, spot: Spot, line: cst.SimpleStatementLine, module: str) -> None:
        self._spot = spot
        self._line = line
        self._module = module
        self._moved: dict[str, list[str]] = {}
        self._whole: list[str] = []
        self._assigned: list[str] = []
        self._groups: dict[str, Group] = {}
        self.changed = False

    def take(self, alias: cst.ImportAlias) -> bool:
        """Whether a name leaves the statement."""
        finding = next(
            (one for one in self._spot.others if (one.line, one.column) == self._spot.document.start(alias.name)), None
        )
        if finding is None or finding.symbol is None:
            return False
        mine = finding is self._spot.finding
        try:
            found = provision(self._spot, finding.symbol, finding.works_on)
            self._add(alias, found)
        except Refused:
            if mine:
                raise
            return False
        self.changed = True
        return True

    def _add(self, alias: cst.ImportAlias, found: Provision) -> None:
        name, local = alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name
        if found.same is not None:
            module, colon, what = found.same.partition(":")
            if not colon:
                self._whole.append(f"import {as_name(module, local)}")
            elif "." in what:
                self._assigned.append(f"{local} = {self._code(f'{{{found.same}}}')}")
            else:
                self._moved.setdefault(module, []).append(as_name(what, local))
        elif found.inline is not None:
            self._assigned.append(f"{local} = {self._code(found.inline)}")
        else:
            self._guard(alias, found, name, local)

    def _code(self, template: str) -> str:
        from compatcheck.fix.library import expression

        return self._spot.document.code(expression(self._spot, template, self._line))

    def _guard(self, alias: cst.ImportAlias, found: Provision, name: str, local: str) -> None:
        test = version_test(self._spot, found.works_on, self._line)
        group = self._groups.setdefault(test, Group())
        if found.define is not None:
            from compatcheck.fix.library import localized

            code = localized(self._spot, found.define, name, local, self._line)
        else:
            assert found.backport is not None
            found.need(self._spot)
            module, what = found.backport
            code = f"from {module} import {as_name(what, local)}" if what else module_import(module, local)
        group.then.append((as_name(name, local), code))

    def into_head(self, statement: cst.ImportFrom, kept: Sequence[cst.ImportAlias]) -> None:
        """What does not import from the same module follows the imports of the module."""
        spot, use = self._spot, head_end(self._spot.document.module.body)
        new: list[cst.CSTNode] = self._kept(statement, kept) if kept else []
        for module, names in sorted(self._moved.items()):
            for name in names:
                what, _, local = name.partition(" as ")
                spot.changes.imports.append(Import(module, what, local or what, use))
        new += [cst.parse_statement(f"{text}\n") for text in self._whole]
        for text in self._assigned:
            spot.changes.definitions[text.partition(" ")[0]] = text, use
        for test, group in sorted(self._groups.items()):
            for name, code in group.then:
                then = f"from {self._module} import {name}"
                spot.choose(Choice(test, name, then, code, use))
        spot.replace(self._line, new or cst.RemovalSentinel.REMOVE)

    def _kept(self, statement: cst.ImportFrom, kept: Sequence[cst.ImportAlias]) -> list[cst.CSTNode]:
        last = kept[-1].with_changes(comma=statement.names[-1].comma)  # type: ignore[index]
        return [self._line.deep_replace(statement, statement.with_changes(names=[*kept[:-1], last]))]

    def statements(self, statement: cst.ImportFrom, kept: Sequence[cst.ImportAlias]) -> list[cst.CSTNode]:
        """What takes the place of the line."""
        found: list[cst.CSTNode] = []
        if kept:
            found += self._kept(statement, kept)
        for module, names in sorted(self._moved.items()):
            found.append(cst.parse_statement(f"from {module} import {', '.join(names)}\n"))
        for test, group in sorted(self._groups.items()):
            found.append(cst.parse_statement(self._choice(test, group)))
        found += [cst.parse_statement(f"{text}\n") for text in (*self._whole, *self._assigned)]
        if not kept:
            first = found[0].with_changes(leading_lines=self._line.leading_lines)
            if isinstance(first, cst.SimpleStatementLine):
                first = first.with_changes(trailing_whitespace=self._line.trailing_whitespace)
            found[0] = first
        return found

    def _choice(self, test: str, group: Group) -> str:
        names = ", ".join(name for name, _ in group.then)
        by_module: dict[str, list[str]] = {}
        lines: list[str] = []
        for _, code in group.then:
            module, imports, what = code.partition(" import ")
            if imports and "\n" not in code and module.startswith("from "):
                by_module.setdefault(module, []).append(what)
            else:
                lines += code.rstrip("\n").splitlines()
        lines = [f"{module} import {', '.join(what)}" for module, what in sorted(by_module.items())] + lines
        inner = "".join(f"    {line}\n" if line else "\n" for line in lines)
        return f"if {test}:\n    from {self._module} import {names}\nelse:\n{inner}"


def as_name(name: str, local: str) -> str:
    return name if name == local else f"{name} as {local}"


def module_import(module: str, local: str) -> str:
    """`from backports import zoneinfo`, `import tomli as tomllib`."""
    package, _, last = module.rpartition(".")
    if package:
        return f"from {package} import {as_name(last, local)}"
    return f"import {as_name(module, local)}"
