"""Decorators that are more than a dotted name and one call."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import assign, bare


def name_it(spot: Spot) -> None:
    """A name for the decorator in the line before; where that would be evaluated too early, or become an attribute of
    a class, a function that hands it on.
    """
    decorator = spot.node(cst.Decorator)
    definition = spot.document.parent(decorator)
    if not isinstance(definition, (cst.FunctionDef, cst.ClassDef)):
        raise Refused("nothing is decorated here")
    earlier = definition.decorators[: list(definition.decorators).index(decorator)]
    in_class = isinstance(spot.document.scope(definition), cst.ClassDef)
    if not in_class and all(isinstance(each.decorator, cst.Name) for each in earlier):
        name = spot.document.fresh("_decorator")
        spot.before(definition, assign(name, bare(decorator.decorator)))
        spot.replace(decorator.decorator, cst.Name(name))
        return
    name = spot.helper("_decorate", "def _decorate(decorator):\n    return decorator\n", definition)
    spot.replace(decorator.decorator, cst.Call(cst.Name(name), [cst.Arg(bare(decorator.decorator))]))
