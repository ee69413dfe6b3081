"""Expressions whose evaluation nobody else can notice, and that nothing else changes: their order does not matter."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.document import children

# Methods and functions that change nothing, whatever their receiver is in sane code.
_METHODS = frozenset(
    [
        "join",
        "strip",
        "lstrip",
        "rstrip",
        "split",
        "rsplit",
        "splitlines",
        "replace",
        "format",
        "upper",
        "lower",
        "title",
        "capitalize",
        "casefold",
        "ljust",
        "rjust",
        "center",
        "zfill",
        "startswith",
        "endswith",
        "encode",
        "decode",
        "get",
        "keys",
        "values",
        "items",
        "isoformat",
        "strftime",
        "hex",
    ]
)
_FUNCTIONS = frozenset(
    [
        "len",
        "str",
        "repr",
        "int",
        "float",
        "bool",
        "sorted",
        "sum",
        "min",
        "max",
        "abs",
        "round",
        "ord",
        "chr",
        "hex",
        "type",
        "tuple",
        "list",
    ]
)
_PURE = (
    cst.Name, cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString, cst.Tuple, cst.List, cst.Element, cst.Attribute,
    cst.Subscript, cst.SubscriptElement, cst.Index, cst.Slice, cst.BinaryOperation, cst.UnaryOperation, cst.Comparison,
    cst.ComparisonTarget, cst.BooleanOperation, cst.IfExp, cst.ConcatenatedString, cst.FormattedString,
    cst.FormattedStringText, cst.FormattedStringExpression, cst.GeneratorExp, cst.ListComp, cst.CompFor, cst.CompIf,
    cst.Arg, cst.Dict, cst.DictElement, cst.Set, cst.Ellipsis, cst.Lambda,
)  # fmt: skip


def quiet(node: cst.BaseExpression) -> bool:
    """Whether evaluating changes nothing: names, attributes, items, operators, and calls that are known to be pure."""
    waiting: list[cst.CSTNode] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Call):
            function = current.func
            if isinstance(function, cst.Attribute) and function.attr.value in _METHODS:
                waiting.append(function.value)
            elif not (isinstance(function, cst.Name) and function.value in _FUNCTIONS):
                return False
            waiting += current.args
        elif isinstance(current, _PURE):
            waiting += children(current)
        elif isinstance(current, cst.BaseExpression):
            return False
    return True


def inert(node: cst.BaseExpression) -> bool:
    """Whether a value stays what it is whatever is evaluated after it: constants and names."""
    if isinstance(node, cst.UnaryOperation):
        return inert(node.expression) and not isinstance(node.expression, cst.Name)
    if isinstance(node, cst.Tuple):
        return all(isinstance(each, cst.Element) and inert(each.value) for each in node.elements)
    return isinstance(
        node, (cst.Name, cst.Integer, cst.Float, cst.Imaginary, cst.SimpleString, cst.Ellipsis, cst.Lambda)
    )
