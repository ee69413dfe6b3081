"""Unpacking in comprehensions: one loop more."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.document import COMPREHENSIONS, Comprehension
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import parenthesised


def loop_twice(spot: Spot) -> None:
    """`[*a for a in b]` as `[item for a in b for item in a]`; likewise for sets, generators and mappings."""
    node = spot.node(*COMPREHENSIONS)
    assert isinstance(node, COMPREHENSIONS)
    spot.replace(node, _mapping(spot, node) if isinstance(node, cst.StarredDictComp) else _elements(spot, node))


def _elements(spot: Spot, node: Comprehension) -> cst.BaseExpression:
    if isinstance(node, (cst.DictComp, cst.StarredDictComp)) or not isinstance(node.elt, cst.StarredElement):
        raise Refused("nothing is unpacked here")
    item = spot.document.fresh("item")
    loop = cst.CompFor(cst.Name(item), _operand(node.elt.value))
    return node.with_changes(elt=cst.Name(item), for_in=innermost(node.for_in, loop))


def _mapping(spot: Spot, node: cst.StarredDictComp) -> cst.DictComp:
    key, value = spot.document.fresh("key"), spot.document.fresh("value")
    items = cst.Call(cst.Attribute(_receiver(node.value), cst.Name("items")))
    target = cst.Tuple([cst.Element(cst.Name(key)), cst.Element(cst.Name(value))], lpar=[], rpar=[])
    return cst.DictComp(
        cst.Name(key),
        cst.Name(value),
        innermost(node.for_in, cst.CompFor(target, items)),
        node.lbrace,
        node.rbrace,
        node.lpar,
        node.rpar,
    )


def innermost(loop: cst.CompFor, new: cst.CompFor) -> cst.CompFor:
    """A comprehension's loops with one more inside."""
    if loop.inner_for_in is None:
        return loop.with_changes(inner_for_in=new)
    return loop.with_changes(inner_for_in=innermost(loop.inner_for_in, new))


def _operand(node: cst.BaseExpression) -> cst.BaseExpression:
    return parenthesised(node) if isinstance(node, (cst.IfExp, cst.Lambda, cst.NamedExpr)) else node


def _receiver(node: cst.BaseExpression) -> cst.BaseExpression:
    simple = (cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.Dict, cst.DictComp)
    return node if isinstance(node, simple) else parenthesised(node)
