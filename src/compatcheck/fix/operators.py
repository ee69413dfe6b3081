"""Operators that came later: `|` of dictionaries and of types."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.annotations import join
from compatcheck.fix.bindings import bound_in, target_names
from compatcheck.fix.document import below
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import bare, line_of

_MERGE = "dict | …"
_UPDATE = "dict |= …"
_MERGED = """\
def _merged(left, *others):
    for other in others:
        derived = isinstance(other, type(left)) and type(other) is not type(left)
        result = (other if derived else left).copy()
        result.clear()
        result.update(left)
        result.update(other)
        left = result
    return left
"""


def is_operator(symbol: str) -> bool:
    """Whether a finding's symbol is an operator, not a name."""
    return "|" in symbol


def replace_operator(spot: Spot) -> None:
    """What the operator does, said otherwise; the finding's place is the left operand."""
    symbol = spot.finding.symbol or ""
    left = spot.document.at(spot.place, spot.end, *_EXPRESSIONS)
    parent = spot.document.parent(left) if left is not None else None
    if symbol == _UPDATE and isinstance(parent, cst.AugAssign):
        _update(spot, parent)
    elif isinstance(parent, cst.BinaryOperation) and isinstance(parent.operator, cst.BitOr):
        if symbol == _MERGE:
            _merge(spot, _outermost(spot, parent))
        else:
            join(spot, parent)
    else:
        raise Refused("the operator is used in a way that no fix knows")


def _update(spot: Spot, statement: cst.AugAssign) -> None:
    """`a |= b`: `a.update(b)`."""
    line_of(spot, statement)
    call = cst.Call(cst.Attribute(statement.target, cst.Name("update")), [cst.Arg(bare(statement.value))])
    spot.replace(statement, cst.Expr(call, statement.semicolon))


def _outermost(spot: Spot, node: cst.BinaryOperation) -> cst.BinaryOperation:
    above = spot.document.parent(node)
    while isinstance(above, cst.BinaryOperation) and isinstance(above.operator, cst.BitOr) and above.left is node:
        node, above = above, spot.document.parent(above)
    return node


def _merge(spot: Spot, node: cst.BinaryOperation) -> None:
    """`{**a, **b}` where both are certain to be plain dicts; else a copy that is updated: what derives from dict stays."""
    operands = list(_operands(node))
    if all(_is_plain(spot, operand) for operand in operands):
        elements = [cst.StarredDictElement(_simple(operand)) for operand in operands]
        spot.replace(node, cst.Dict(elements, lpar=node.lpar, rpar=node.rpar))
        return
    helper = spot.add("_merged", _MERGED, node)
    spot.replace(
        node, cst.Call(cst.Name(helper), [cst.Arg(bare(operand)) for operand in operands], node.lpar, node.rpar)
    )


def _is_plain(spot: Spot, node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.Dict, cst.DictComp)):
        return True
    if isinstance(node, cst.Call) and spot.document.code(node.func) == "dict":
        return "dict" not in spot.document.bound
    return isinstance(node, cst.Name) and _always_plain(spot, node)


def _always_plain(spot: Spot, name: cst.Name) -> bool:
    """Whether a variable of a function is bound once, to a dict that is written out."""
    scope = spot.document.scope(name)
    bound = [each for each in below(scope) if isinstance(each, cst.Assign) and _binds(each, name.value)]
    return (
        isinstance(scope, cst.FunctionDef)
        and len(bound) == 1
        and list(bound_in(scope)).count(name.value) == 1
        and isinstance(bound[0].value, (cst.Dict, cst.DictComp))
    )


def _binds(statement: cst.Assign, name: str) -> bool:
    return any(name in target_names(target.target) for target in statement.targets)


def _operands(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The operands of `a | b | c`, which are evaluated from the left."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return [*_operands(node.left), node.right]
    return [node]


def _simple(node: cst.BaseExpression) -> cst.BaseExpression:
    return bare(node) if not isinstance(node, (cst.IfExp, cst.BooleanOperation, cst.Lambda)) else node


_EXPRESSIONS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Dict, cst.DictComp, cst.BinaryOperation, cst.IfExp,
    cst.BooleanOperation, cst.Await,
)  # fmt: skip
