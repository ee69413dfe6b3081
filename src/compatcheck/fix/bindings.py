"""Which names a piece of code binds, whatever the way."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from compatcheck.fix.document import below


def bound_in(node: cst.CSTNode) -> Iterator[str]:
    """A name for each place that binds it, nested scopes included."""
    for each in below(node):
        yield from _bound_by(each)


def _bound_by(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)):
        yield from target_names(node.target)
    elif isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Param, cst.TypeAlias)):
        yield from target_names(node.name)
    elif isinstance(node, (cst.TypeVar, cst.TypeVarTuple, cst.ParamSpec, cst.NameItem)):
        yield node.name.value
    elif isinstance(node, cst.AsName):
        yield from target_names(node.name)
    elif isinstance(node, cst.ImportAlias):
        if node.asname is None:
            yield node.evaluated_name.partition(".")[0]
    elif isinstance(node, (cst.MatchAs, cst.MatchStar)):
        if node.name is not None:
            yield node.name.value
    elif isinstance(node, cst.MatchMapping) and node.rest is not None:
        yield node.rest.value
    elif isinstance(node, cst.Del):
        yield from target_names(node.target)


def target_names(target: cst.CSTNode) -> Iterator[str]:
    """The names that an assignment to this target binds."""
    if isinstance(target, cst.Name):
        yield target.value
    elif isinstance(target, (cst.Tuple, cst.List)):
        for element in target.elements:
            yield from target_names(element.value)
    elif isinstance(target, cst.StarredElement):
        yield from target_names(target.value)
