"""Positional-only parameters: what callers must not do is no longer enforced, only said."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.clauses import Renamer
from compatcheck.fix.document import below
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot

_OBJECTS = frozenset({"self", "cls"})


def drop_separator(spot: Spot) -> None:
    """Leaves out the `/`, with a comment that names the parameters before it. Where the function takes any keyword, they
    get two leading underscores, so that a keyword of their name still goes where it went.
    """
    owner = spot.node(cst.FunctionDef, cst.Lambda)
    assert isinstance(owner, (cst.FunctionDef, cst.Lambda))
    params = owner.params
    names = [param.name.value for param in params.posonly_params]
    new: cst.CSTNode = owner.with_changes(params=_merged(params))
    if params.star_kwarg is not None:
        new = new.visit(Renamer(_underscored(spot, owner, names)))  # type: ignore[assignment]
    if isinstance(new, cst.FunctionDef) and isinstance(new.body, cst.IndentedBlock) and not new.body.header.comment:
        comment = cst.Comment(f"# positional-only: {', '.join(names)}")
        header = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), comment)
        new = new.with_changes(body=new.body.with_changes(header=header))
    spot.replace(owner, new)


def _underscored(spot: Spot, owner: cst.FunctionDef | cst.Lambda, names: list[str]) -> dict[str, str]:
    """Names that no caller uses as a keyword. Raises Refused where they mean something else inside, too."""
    renamed = {name: spot.document.fresh(f"__{name}") for name in names if name not in _OBJECTS}
    if any(name.startswith("__") for name in names):
        raise Refused("the parameters have two leading underscores already")
    for each in below(owner):
        inner = isinstance(each, (cst.FunctionDef, cst.Lambda, cst.ClassDef)) and each is not owner
        if inner and any(isinstance(param, cst.Param) and param.name.value in renamed for param in below(each)):
            raise Refused("a function inside has a parameter of the same name")
    if any(isinstance(each, cst.Name) and each.value == "locals" for each in below(owner)):
        raise Refused("the function asks for its local names")
    return renamed


def _merged(params: cst.Parameters) -> cst.Parameters:
    slash = params.posonly_ind
    positional = list(params.posonly_params)
    if isinstance(slash, cst.ParamSlash):
        positional[-1] = positional[-1].with_changes(comma=slash.comma, whitespace_after_param=slash.whitespace_after)
    return params.with_changes(
        params=[*positional, *params.params], posonly_params=(), posonly_ind=cst.MaybeSentinel.DEFAULT
    )
