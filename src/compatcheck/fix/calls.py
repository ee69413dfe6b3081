"""Methods and parameters that some targets lack: another name, other arguments, or a function that does the same."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst

from compatcheck.fix.chosen import version_test
from compatcheck.fix.library import expression, simple
from compatcheck.fix.operators import is_operator, replace_operator
from compatcheck.fix.provision import provision
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import bare, parenthesised

_DEFINED = re.compile(r"^(?:async )?(?:def|class) (\w+)", re.MULTILINE)


def method(spot: Spot) -> None:
    """A method or attribute of an object, or an operator."""
    if is_operator(spot.finding.symbol or ""):
        replace_operator(spot)
        return
    node = spot.exactly(cst.Name)
    attribute = spot.document.parent(node)
    if not isinstance(attribute, cst.Attribute) or attribute.attr is not node:
        raise Refused("it is not looked up on an object here")
    entry = _entry(spot)
    if "rename" in entry:
        spot.replace(node, cst.Name(entry["rename"]))
        return
    if "define" not in entry:
        raise Refused("nothing is known that does the same everywhere")
    call = spot.document.parent(attribute)
    if entry.get("attribute"):
        helper = spot.add(_name_of(entry), entry["define"], node)
        spot.replace(attribute, cst.Call(cst.Name(helper), [cst.Arg(attribute.value)]))
    elif isinstance(call, cst.Call) and call.func is attribute:
        spot.replace(call, _called(spot, entry["define"], call, attribute.value))
    else:
        raise Refused("the method is not called here")


def _entry(spot: Spot) -> Mapping[str, Any]:
    """What rules/ has for the finding's symbol. Raises Refused when that is nothing, or needs --unsafe."""
    symbol = spot.finding.symbol or ""
    entry = spot.context.entry(symbol)
    if not entry or "refuse" in entry or entry.get("safety") == "unsafe":
        provision(spot, symbol)
    return entry


def _name_of(entry: Mapping[str, Any]) -> str:
    match = _DEFINED.search(entry["define"])
    assert match is not None
    return match[1]


def _called(spot: Spot, code: str, call: cst.Call, receiver: cst.BaseExpression) -> cst.BaseExpression:
    """The expression that a definition returns, where the arguments can be repeated; else a call of it."""
    if (inline := _inline(spot, code, call, receiver)) is not None:
        above = spot.document.parent(call)
        alone = isinstance(above, (cst.Arg, cst.Assign, cst.Return, cst.AnnAssign, cst.Expr))
        return inline if alone else parenthesised(inline)
    helper = spot.add(_name_of({"define": code}), code, call)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if call.args else cst.MaybeSentinel.DEFAULT
    first = cst.Arg(bare(receiver), comma=comma)
    return call.with_changes(func=cst.Name(helper), args=[first, *call.args])


def _inline(spot: Spot, code: str, call: cst.Call, receiver: cst.BaseExpression) -> cst.BaseExpression | None:
    definition = cst.parse_module(code).body[-1]
    values = [receiver, *(arg.value for arg in call.args)]
    if not isinstance(definition, cst.FunctionDef) or any(arg.star or arg.keyword for arg in call.args):
        return None
    names = [param.name.value for param in definition.params.params]
    body = definition.body.body
    last = body[0].body[0] if len(body) == 1 and isinstance(body[0], cst.SimpleStatementLine) else None
    if len(names) != len(values) or not simple(values) or not isinstance(last, cst.Return) or last.value is None:
        return None
    if "from " in code or isinstance(spot.document.scope(call), cst.ClassDef):
        return None
    result = last.value.visit(_Arguments(dict(zip(names, values, strict=True))))
    assert isinstance(result, cst.BaseExpression)
    return result


class _Arguments(cst.CSTTransformer):
    def __init__(self, values: Mapping[str, cst.BaseExpression]) -> None:
        super().__init__()
        self._values = values

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self._values.get(updated_node.value, updated_node)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        value = updated_node.value
        wrapped = parenthesised(value) if isinstance(value, (cst.Integer, cst.IfExp)) else value
        return updated_node.with_changes(attr=original_node.attr, value=wrapped)


def parameter(spot: Spot) -> None:
    """A keyword argument of a call."""
    node = spot.exactly(cst.Name)
    argument = spot.document.parent(node)
    call = spot.document.parent(argument) if argument is not None else None
    if not isinstance(argument, cst.Arg) or not isinstance(call, (cst.Call, cst.ClassDef)):
        raise Refused("the argument is given in a way that no fix knows")
    entry = _entry(spot)
    if "rename" in entry:
        spot.replace(node, cst.Name(entry["rename"]))
    elif "values" in entry and (given := entry["values"].get(spot.document.code(argument.value))) is not None:
        _exchange(spot, call, argument, _arguments(spot, given, call))
    elif entry.get("optional"):
        _exchange(spot, call, argument, [_where_known(spot, node.value, argument)])
    elif entry.get("drop"):
        _exchange(spot, call, argument, [])
    elif "define" in entry and isinstance(call, cst.Call):
        _redirected(spot, entry, call)
    else:
        raise Refused("nothing is known that does the same everywhere")


def _arguments(spot: Spot, given: Mapping[str, str], call: cst.CSTNode) -> list[cst.Arg]:
    return [cst.Arg(expression(spot, value, call), cst.Name(name), _TIGHT) for name, value in given.items()]


def _where_known(spot: Spot, name: str, argument: cst.Arg) -> cst.Arg:
    """`**({"slots": True} if sys.version_info >= (3, 10) else {})`."""
    test = version_test(spot, spot.finding.works_on or "", argument)
    code = f'({{"{name}": {spot.document.code(argument.value)}}} if {test} else {{}})'
    return cst.Arg(cst.parse_expression(code), star="**")


def _exchange(spot: Spot, call: cst.Call | cst.ClassDef, argument: cst.Arg, new: Sequence[cst.Arg]) -> None:
    """Other arguments in the place of one."""
    field = "args" if isinstance(call, cst.Call) else "keywords"
    args = list(getattr(call, field))
    at = args.index(argument)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    if not new and at == len(args) - 1 and at:
        args[at - 1] = args[at - 1].with_changes(comma=argument.comma)
    fresh = [each.with_changes(comma=comma) for each in new]
    if fresh:
        fresh[-1] = fresh[-1].with_changes(comma=argument.comma, whitespace_after_arg=argument.whitespace_after_arg)
        if any(each.star == "**" for each in fresh):  # what follows it must be a keyword argument, too
            later = args[at + 1 :]
            if any(each.keyword is None and not each.star for each in later):
                raise Refused("positional arguments follow it")
    spot.replace(call, call.with_changes(**{field: [*args[:at], *fresh, *args[at + 1 :]]}))


def _redirected(spot: Spot, entry: Mapping[str, Any], call: cst.Call) -> None:
    """A call of a function that takes the same arguments."""
    helper = spot.add(_name_of(entry), entry["define"], call)
    if not entry.get("receiver"):
        spot.replace(call.func, cst.Name(helper))
        return
    if not isinstance(call.func, cst.Attribute):
        raise Refused("the method is not looked up on an object here")
    first = cst.Arg(bare(call.func.value), comma=cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")))
    spot.replace(call, call.with_changes(func=cst.Name(helper), args=[first, *call.args]))


_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
