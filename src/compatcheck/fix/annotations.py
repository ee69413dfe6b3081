"""Types in expressions that older versions cannot evaluate: postponed where nothing reads them, else as typing says it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from compatcheck.analyze.names.annotations import READERS
from compatcheck.fix.imported import imports_of
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.type_parameters import quoted

_READERS = frozenset(word.decode() for word in READERS) | {"__annotations__", "signature", "get_annotations"}
_CHECKS = frozenset({"isinstance", "issubclass"})


def postpone(spot: Spot) -> None:
    """`from __future__ import annotations` where that is enough; other names where the type is evaluated all the same."""
    join(spot, _type_at(spot))


def join(spot: Spot, node: cst.BinaryOperation | cst.Subscript) -> None:
    """The same for a type that is at hand."""
    if _annotates(spot, node) and _READERS.isdisjoint(spot.document.words):
        spot.changes.future = True
    elif isinstance(node, cst.BinaryOperation):
        _union(spot, node)
    else:
        _subscript(spot, node)


def _type_at(spot: Spot) -> cst.BinaryOperation | cst.Subscript:
    node = spot.document.at(spot.place, spot.end, cst.BinaryOperation, cst.Subscript)
    if node is None:
        node = spot.document.around(spot.place, cst.BinaryOperation, cst.Subscript)
    if not isinstance(node, (cst.BinaryOperation, cst.Subscript)):
        raise Refused("the type is written in a way that no fix knows")
    return node


def _annotates(spot: Spot, node: cst.CSTNode) -> bool:
    for above in spot.document.ancestors(node):
        if isinstance(above, cst.Annotation):
            return True
        if isinstance(above, (cst.BaseSmallStatement, cst.BaseCompoundStatement, cst.Lambda)):
            return False
    return False


def _union(spot: Spot, node: cst.BinaryOperation) -> None:
    while isinstance(above := spot.document.parent(node), cst.BinaryOperation) and isinstance(
        above.operator, cst.BitOr
    ):
        node = above
    operands = list(_operands(node))
    if _is_checked(spot, node):
        kinds = [_class_of(spot, operand) for operand in operands]
        elements = [cst.Element(kind) for kind in kinds]
        spot.replace(node, cst.Tuple(elements, lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
        return
    spot.replace(node, _as_typing(spot, operands, node))


def _as_typing(spot: Spot, operands: list[cst.BaseExpression], node: cst.CSTNode) -> cst.BaseExpression:
    real = [operand for operand in operands if not _is_none(operand)]
    if len(real) == 1 and len(operands) > 1:
        return _indexed(spot.imported("typing:Optional", node), real)
    return _indexed(spot.imported("typing:Union", node), operands)


def _indexed(value: cst.BaseExpression, parts: list[cst.BaseExpression]) -> cst.Subscript:
    return cst.Subscript(
        value, [cst.SubscriptElement(cst.Index(part.with_changes(lpar=(), rpar=()))) for part in parts]
    )


def _operands(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        yield from _operands(node.left)
        yield from _operands(node.right)
    else:
        yield node


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _is_checked(spot: Spot, node: cst.CSTNode) -> bool:
    """Whether the union is what isinstance is asked about."""
    argument = spot.document.parent(node)
    call = spot.document.parent(argument) if argument is not None else None
    return isinstance(call, cst.Call) and isinstance(call.func, cst.Name) and call.func.value in _CHECKS


def _class_of(spot: Spot, node: cst.BaseExpression) -> cst.BaseExpression:
    return spot.builtin("type(None)") if _is_none(node) else node


def _meaning(spot: Spot, node: cst.BaseExpression) -> str:
    """The dotted name of a class, as far as the module's imports tell."""
    code = spot.document.code(node)
    head, dot, rest = code.partition(".")
    for bound in imports_of(spot.document):
        if bound.name and bound.local == head:
            return f"{bound.module}.{bound.name}{dot}{rest}"
        if not bound.name and code.startswith(f"{bound.local}."):
            return f"{bound.module}{code[len(bound.local) :]}"
    return code


def _is_postponable(spot: Spot, node: cst.Subscript) -> bool:
    """Whether a type may be quoted here: inside another type, or where `cast` asks for one."""
    if not _READERS.isdisjoint(spot.document.words):
        return False
    parent = spot.document.parent(node)
    if isinstance(parent, (cst.Index, cst.Annotation)):
        return True
    call = spot.document.parent(parent) if isinstance(parent, cst.Arg) else None
    return isinstance(call, cst.Call) and spot.document.code(call.func).rpartition(".")[2] == "cast"


def _subscript(spot: Spot, node: cst.BinaryOperation | cst.Subscript) -> None:
    assert isinstance(node, cst.Subscript)
    parent = spot.document.parent(node)
    if isinstance(parent, cst.Call) and parent.func is node:
        spot.replace(node, node.value)  # an instance does not know its parameters
        return
    for symbol in (f"{_meaning(spot, node.value)}[]", spot.finding.symbol or ""):
        if "same" in (entry := spot.context.equivalents.get(symbol, {})):
            spot.replace(node.value, spot.imported(entry["same"], node))
            return
    if _is_postponable(spot, node):
        spot.replace(node, cst.SimpleString(quoted(spot.document.code(node))))
        return
    if isinstance(parent, cst.Arg) and isinstance(spot.document.parent(parent), cst.ClassDef) and spot.context.unsafe:
        spot.replace(node, node.value)
        return
    raise Refused("typing has no name for this type, and the subscript is evaluated")
