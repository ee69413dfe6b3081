"""Positional-only parameters: what callers must not do is no longer enforced, only said."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.spot import Spot


def drop_separator(spot: Spot) -> None:
    """Leaves out the `/`, with a comment that names the parameters before it."""
    owner = spot.node(cst.FunctionDef, cst.Lambda)
    assert isinstance(owner, (cst.FunctionDef, cst.Lambda))
    params = owner.params
    names = ", ".join(param.name.value for param in params.posonly_params)
    new = owner.with_changes(params=_merged(params))
    if isinstance(new, cst.FunctionDef) and isinstance(new.body, cst.IndentedBlock) and not new.body.header.comment:
        comment = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment(f"# positional-only: {names}"))
        new = new.with_changes(body=new.body.with_changes(header=comment))
    spot.replace(owner, new)


def _merged(params: cst.Parameters) -> cst.Parameters:
    slash = params.posonly_ind
    positional = list(params.posonly_params)
    if isinstance(slash, cst.ParamSlash):
        positional[-1] = positional[-1].with_changes(comma=slash.comma, whitespace_after_param=slash.whitespace_after)
    return params.with_changes(
        params=[*positional, *params.params], posonly_params=(), posonly_ind=cst.MaybeSentinel.DEFAULT
    )
