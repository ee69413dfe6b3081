"""Names that the standard library lacks on a target: another name, an expression, a definition, or a backport."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from compatcheck.fix.changes import Choice
from compatcheck.fix.chosen import chosen, version_test
from compatcheck.fix.imports import replace_import
from compatcheck.fix.modules import attribute_module, member
from compatcheck.fix.provision import Provision, provision
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot, renamed

_PLACEHOLDER = re.compile(r"\{([\w.]+:[\w.]+|\w+)\}")


def name(spot: Spot) -> None:
    """A name of a module, or a builtin: where it is imported, or where it is used."""
    node = spot.exactly(cst.Name)
    parent = spot.document.parent(node)
    if isinstance(parent, cst.ImportAlias):
        replace_import(spot, parent)
    elif isinstance(parent, cst.Attribute) and parent.attr is node:
        spot.replace(parent, _stands_for(spot, parent))
    else:
        _builtin(spot, node)


def module(spot: Spot) -> None:
    """A module: where it is imported, or where it is used as an attribute of its package."""
    node = spot.exactly(cst.Name)
    for above in spot.document.ancestors(node):
        if isinstance(above, (cst.ImportAlias, cst.ImportFrom, cst.Import)):
            if isinstance(above, cst.ImportAlias):
                replace_import(spot, above)
            elif isinstance(above, cst.ImportFrom):
                member(spot, above)
            return
        if not isinstance(above, cst.Attribute):
            break
    attribute_module(spot, node)


def _stands_for(spot: Spot, node: cst.Attribute) -> cst.BaseExpression:
    """What takes the place of `module.name`."""
    found = provision(spot, spot.finding.symbol or "")
    if found.same is not None:
        return spot.imported(found.same, node)
    if found.inline is not None:
        return expression(spot, found.inline, node)
    return cst.Name(_defined(spot, found, node))


def _defined(spot: Spot, found: Provision, node: cst.CSTNode) -> str:
    """The local name of a backport, or of a definition for where the library has none."""
    module, _, what = found.symbol.rpartition(".")
    if found.backport is not None:
        found.need(spot)
        return chosen(spot, found.works_on, what, (module, found.backport[0]), node, found.backport[1])
    assert found.define is not None
    return guarded_definition(spot, found, module, node)


def guarded_definition(spot: Spot, found: Provision, module: str, node: cst.CSTNode) -> str:
    """A name that the library gives where it has it, and a definition elsewhere."""
    what, code = found.symbol.rpartition(".")[2], found.define or ""
    key = f"define|{found.symbol}"
    local = spot.document.helpers.get(key) or _there(spot, what, module)
    if local is None:
        local = what if what not in spot.document.words else spot.document.fresh(f"_{what}")
        spot.document.helpers[key] = local
    test = version_test(spot, found.works_on, node)
    definition = localized(spot, code, what, local, node)
    renamed = f" as {local}" if local != what else ""
    then = f"from {module} import {what}{renamed}"
    spot.choose(Choice(test, local, then, definition, spot.document.top(node)))
    return local


def _there(spot: Spot, what: str, module: str) -> str | None:
    """The local name that an earlier pass chose."""
    for statement in spot.document.module.body:
        if isinstance(statement, cst.If) and isinstance(statement.orelse, cst.Else):
            if f"from {module} import {what}" in spot.document.code(statement.body):
                for alias in spot.document.aliases(statement.body):
                    if alias.evaluated_name == what:
                        return alias.evaluated_alias or what
    return None


def localized(spot: Spot, code: str, what: str, local: str, user: cst.CSTNode) -> str:
    """A definition under its local name; the imports at its beginning join those of the module."""
    return renamed(spot.with_imports(code, user), what, local)


def expression(spot: Spot, template: str, user: cst.CSTNode) -> cst.BaseExpression:
    """An expression with `{module:name}` filled in."""

    def fill(match: re.Match[str]) -> str:
        return spot.document.code(spot.imported(match[1], user))

    return cst.parse_expression(_PLACEHOLDER.sub(fill, template))


def _builtin(spot: Spot, node: cst.Name) -> None:
    """A builtin: bound by the module where the builtins lack it."""
    found = provision(spot, spot.finding.symbol or "")
    if found.same is not None or found.inline is not None:
        template = found.inline or f"{{{found.same}}}"
        spot.replace(node, expression(spot, template, node))
        return
    if node.value in spot.document.bound:
        raise Refused(f"the text has a `{node.value}` of its own")
    test = version_test(spot, found.works_on, node)
    opposite = test.replace(">=", "<") if ">=" in test else test.replace("<", ">=")
    if found.backport is not None:
        found.need(spot)
        module, name_there = found.backport
        renamed = f" as {node.value}" if name_there != node.value else ""
        code = f"from {module} import {name_there}{renamed}"
    else:
        code = localized(spot, found.define or "", node.value, node.value, node)
    spot.choose(Choice(opposite, node.value, code, "", spot.document.top(node)))
    spot.replace(node, node.deep_clone())


def simple(values: Sequence[cst.BaseExpression]) -> bool:
    """Whether expressions can be repeated: names, constants, attributes of names."""
    plain = (cst.Name, cst.Integer, cst.SimpleString)
    return all(isinstance(each, plain) or (isinstance(each, cst.Attribute) and simple([each.value])) for each in values)
