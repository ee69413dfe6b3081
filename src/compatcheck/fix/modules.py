"""Modules that some targets lack: their backport, or what has taken over their names."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.changes import Choice
from compatcheck.fix.chosen import version_test
from compatcheck.fix.imported import module_name
from compatcheck.fix.imports import as_name, module_import
from compatcheck.fix.provision import Provision, provision
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import line_of


def plain_import(spot: Spot, statement: cst.Import, alias: cst.ImportAlias) -> None:
    """`import module`, with or without another name for it."""
    line = line_of(spot, statement)
    if len(statement.names) > 1:
        spot.replace(line, _one_each(line, statement))
        return
    full = alias.evaluated_name
    local = alias.evaluated_alias
    if local is None and "." not in full and _by_members(spot, line, full):
        return
    found = provision(spot, spot.finding.symbol or full)
    if found.same is not None:
        name = as_name(found.same, local or full) if "." not in (local or full) else found.same
        spot.replace(line, line.with_changes(body=[_small(f"import {name}")]))
        return
    backport = _module_of(found, spot.finding.symbol or full, full)
    if local is None and "." in full:
        _package(spot, line, full)
        return
    found.need(spot)
    test = version_test(spot, found.works_on, line)
    code = (
        f"if {test}:\n    import {as_name(full, local or full)}\nelse:\n    {module_import(backport, local or full)}\n"
    )
    new = cst.parse_statement(code).with_changes(leading_lines=line.leading_lines)
    spot.replace(line, new)


def _one_each(line: cst.SimpleStatementLine, statement: cst.Import) -> list[cst.CSTNode]:
    lines: list[cst.CSTNode] = [
        cst.SimpleStatementLine([cst.Import([alias.with_changes(comma=cst.MaybeSentinel.DEFAULT)])])
        for alias in statement.names
    ]
    lines[0] = lines[0].with_changes(leading_lines=line.leading_lines)
    lines[-1] = lines[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return lines


def _module_of(found: Provision, symbol: str, full: str) -> str:
    """The backport of a module, or of one inside it."""
    if found.backport is None:
        raise Refused("nothing is known that has all of the module")
    return found.backport[0] + full[len(symbol) :]


def _package(spot: Spot, line: cst.SimpleStatementLine, full: str) -> None:
    """`import package.module`: its uses get a name of their own, so only the package stays."""
    package = full.rpartition(".")[0]
    spot.replace(line, line.with_changes(body=[_small(f"import {package}")]))


def attribute_module(spot: Spot, node: cst.Name) -> None:
    """`package.module` in an expression: a name for the module or its backport."""
    attribute = spot.document.parent(node)
    if not isinstance(attribute, cst.Attribute):
        raise Refused("the module is used in a way that no fix knows")
    symbol = spot.finding.symbol or ""
    found = provision(spot, symbol)
    if found.same is not None:
        spot.replace(attribute, spot.module(found.same, attribute))
        return
    backport = _module_of(found, symbol, symbol)
    found.need(spot)
    key = f"module|{symbol}"
    local = spot.document.helpers.get(key) or _there(spot, symbol)
    if local is None:
        wish = symbol.replace(".", "_")
        local = wish if wish not in spot.document.words else spot.document.fresh(f"_{wish}")
        spot.document.helpers[key] = local
    package, _, last = symbol.rpartition(".")
    then = f"from {package} import {as_name(last, local)}"
    test = version_test(spot, found.works_on, attribute)
    spot.choose(Choice(test, local, then, module_import(backport, local), spot.document.top(attribute)))
    spot.replace(attribute, cst.Name(local))


def _there(spot: Spot, symbol: str) -> str | None:
    package, _, last = symbol.rpartition(".")
    for statement in spot.document.module.body:
        if isinstance(statement, cst.If) and f"from {package} import {last} as " in spot.document.code(statement.body):
            return next((each.evaluated_alias for each in spot.document.aliases(statement.body)), None)
    return None


def member(spot: Spot, statement: cst.ImportFrom) -> None:
    """`from module import name`: from the backport, or each name from where it is now."""
    line = line_of(spot, statement)
    full, symbol = module_name(statement), spot.finding.symbol or ""
    if isinstance(statement.names, cst.ImportStar):
        raise Refused("nobody knows what `import *` binds")
    entries = [spot.context.equivalents.get(f"{full}.{alias.evaluated_name}") for alias in statement.names]
    if all(entries):
        spot.replace(line, _members(spot, line, full, statement.names))
        return
    found = provision(spot, symbol)
    if found.same is not None:
        spot.replace(statement, statement.with_changes(module=cst.parse_expression(found.same + full[len(symbol) :])))
        return
    backport = _module_of(found, symbol, full)
    found.need(spot)
    test = version_test(spot, found.works_on, line)
    names = ", ".join(
        as_name(alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name) for alias in statement.names
    )
    code = f"if {test}:\n    from {full} import {names}\nelse:\n    from {backport} import {names}\n"
    spot.replace(line, cst.parse_statement(code).with_changes(leading_lines=line.leading_lines))


def _members(spot: Spot, line: cst.SimpleStatementLine, module: str, aliases: object) -> list[cst.CSTNode]:
    """A statement for each name of a module that is gone."""
    from compatcheck.fix.library import expression, localized

    assert isinstance(aliases, (list, tuple))
    found: list[cst.CSTNode] = []
    for alias in aliases:
        name, local = alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name
        given = provision(spot, f"{module}.{name}")
        if given.same is not None and "." not in given.same.partition(":")[2]:
            where, _, what = given.same.partition(":")
            found.append(cst.parse_statement(f"from {where} import {as_name(what, local)}\n"))
        elif given.define is not None:
            found.append(cst.parse_statement(localized(spot, given.define, name, local, line)))
        else:
            template = given.inline or f"{{{given.same}}}"
            code = spot.document.code(expression(spot, template, line))
            found.append(cst.parse_statement(f"{local} = {code}\n"))
    found[0] = found[0].with_changes(leading_lines=line.leading_lines)
    return found


def _by_members(spot: Spot, line: cst.SimpleStatementLine, module: str) -> bool:
    """Whether everything that the text takes from a module is known under other names; then the import goes."""
    uses = [
        each for each in spot.document.every(cst.Attribute)
        if isinstance(each.value, cst.Name) and each.value.value == module
    ]  # fmt: skip
    names = sum(1 for each in spot.document.every(cst.Name) if each.value == module)
    known = [spot.context.equivalents.get(f"{module}.{each.attr.value}") for each in uses]
    if not uses or names != len(uses) + 1 or not all(known) or spot.document.bound[module] != 1:
        return False
    from compatcheck.fix.library import expression

    for use in uses:
        given = provision(spot, f"{module}.{use.attr.value}")
        if given.define is not None:
            local = spot.add(use.attr.value, given.define, use)
            spot.replace(use, cst.Name(local))
        else:
            spot.replace(use, expression(spot, given.inline or f"{{{given.same}}}", use))
    spot.replace(line, cst.RemovalSentinel.REMOVE)
    return True


def _small(text: str) -> cst.BaseSmallStatement:
    line = cst.parse_statement(text + "\n")
    assert isinstance(line, cst.SimpleStatementLine)
    return line.body[0]
