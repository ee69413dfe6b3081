"""Names that one module has on some versions and another module on the others."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.changes import Choice
from compatcheck.fix.spot import Spot
from compatcheck.fix.versions import test_for


def version_test(spot: Spot, works_on: str, user: cst.CSTNode) -> str:
    """`sys.version_info >= (3, 9)`, by whatever name the text has for `sys`."""
    return f"{spot.document.code(spot.module('sys', user))}.version_info {test_for(works_on)}"


def chosen(
    spot: Spot, works_on: str, name: str, sources: tuple[str, str], user: cst.CSTNode, other: str | None = None
) -> str:
    """The local name of what `sources` (modules: where it works, and elsewhere) call `name` (elsewhere: `other`)."""
    test = version_test(spot, works_on, user)
    local = _local(spot, name, sources)
    use = spot.document.top(user)
    then, otherwise = (
        _import(module, what, local) for module, what in zip(sources, (name, other or name), strict=True)
    )
    spot.choose(Choice(test, local, then, otherwise, use))
    return local


def _local(spot: Spot, name: str, sources: tuple[str, str]) -> str:
    """The name that an earlier choice gave, or a new one."""
    key = "|".join((name, *sources))
    for statement in spot.document.module.body:
        if isinstance(statement, cst.If) and isinstance(statement.orelse, cst.Else):
            code = spot.document.code(statement)
            if f"from {sources[0]} import" in code and f"from {sources[1]} import" in code:
                for alias in spot.document.aliases(statement):
                    if alias.evaluated_name == name:
                        return alias.evaluated_alias or name
    if key not in spot.document.helpers:
        taken = name in spot.document.words
        spot.document.helpers[key] = spot.document.fresh(f"_{name}") if taken else name
    return spot.document.helpers[key]


def _import(module: str, name: str, local: str) -> str:
    renamed = f" as {local}" if local != name else ""
    return f"from {module} import {name}{renamed}" if module else f"import {name}{renamed}"
