"""Evaluates version tests for one interpreter, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding
from compatcheck.analyze.reach.values import (
    ARITHMETIC,
    COMPARE,
    UNKNOWN,
    Interpreter,
    Present,
    Unavailable,
    VersionInfo,
)
from compatcheck.analyze.tree import Tree

_DEEPEST = 25
_LARGEST = 1 << 40
EXTRAS = frozenset({"comment", "line_continuation"})


class Knowledge(Protocol):
    """What the evaluator asks about names."""

    def symbols(self, node: Node) -> Sequence[str]: ...
    def told(self, symbol: str, interpreter: Interpreter, *, called: bool = False) -> Any: ...
    def exists(self, symbol: str, interpreter: Interpreter) -> bool | None: ...
    def bindings(self, node: Node, interpreter: Interpreter) -> Sequence[Binding]: ...
    def imported(self, binding: Binding) -> str | None: ...
    def members(self, node: Node, interpreter: Interpreter) -> Sequence[Node]: ...
    def function(self, called: Node, interpreter: Interpreter) -> Node | None: ...
    def import_works(self, statement: Node, interpreter: Interpreter) -> bool | None: ...
    def handler(self, statement: Node, failure: str) -> Node | None: ...
    def instance(self, node: Node) -> str | None: ...


class Frame:
    """The arguments of a call that is being evaluated."""

    def __init__(self, function: Node, values: dict[bytes, Any]) -> None:
        self.function = function
        self.values = values


class Evaluator:
    """Gives the value of an expression on an interpreter, UNKNOWN where only a run could tell."""

    def __init__(self, tree: Tree, knowledge: Knowledge) -> None:
        from compatcheck.analyze.reach.calling import Caller

        self.tree = tree
        self.know = knowledge
        self.frame: Frame | None = None
        self._caller = Caller(self)
        self._depth = 0
        self._known: dict[tuple[int, Interpreter], Any] = {}

    def value(self, node: Node, on: Interpreter) -> Any:
        """The value; raises Unavailable where the expression fails on this interpreter."""
        if self.frame is not None:
            value = self._worked_out(node, on)
        else:
            value = self._remembered(node, on)
        if isinstance(value, Unavailable):
            raise value
        return value

    def _remembered(self, node: Node, on: Interpreter) -> Any:
        key = (node.id, on)
        if key not in self._known:
            self._known[key] = UNKNOWN  # what refers to itself is not known
            self._known[key] = self._worked_out(node, on)
        return self._known[key]

    def _worked_out(self, node: Node, on: Interpreter) -> Any:
        handle = _HANDLERS.get(node.type)
        if handle is None or self._depth > _DEEPEST:
            return UNKNOWN
        self._depth += 1
        try:
            return handle(self, node, on)
        except Unavailable as trouble:
            return trouble
        except (TypeError, ValueError, IndexError, KeyError, OverflowError, SyntaxError, ZeroDivisionError):
            return UNKNOWN
        finally:
            self._depth -= 1

    def field(self, node: Node, name: str) -> Node:
        """A child that the grammar promises; ValueError in a broken tree."""
        child = node.child_by_field_name(name)
        if child is None:
            raise ValueError(name)
        return child

    def _literal(self, node: Node, on: Interpreter) -> Any:
        return ast.literal_eval(self.tree.text(node).decode("ascii"))

    def _true(self, node: Node, on: Interpreter) -> Any:
        return node.type == "true"

    def _none(self, node: Node, on: Interpreter) -> Any:
        return None

    def _tuple(self, node: Node, on: Interpreter) -> Any:
        values = [self.value(child, on) for child in real(node)]
        return UNKNOWN if _any_unknown(values) else tuple(values)

    def _dictionary(self, node: Node, on: Interpreter) -> Any:
        made = {}
        for pair in real(node):
            if pair.type != "pair":
                return UNKNOWN
            made[self.value(self.field(pair, "key"), on)] = self.value(self.field(pair, "value"), on)
        return UNKNOWN if UNKNOWN in made else made

    def _parenthesized(self, node: Node, on: Interpreter) -> Any:
        return self.value(real(node)[0], on)

    def _not(self, node: Node, on: Interpreter) -> Any:
        value = self.value(self.field(node, "argument"), on)
        return UNKNOWN if value is UNKNOWN else not value

    def _boolean(self, node: Node, on: Interpreter) -> Any:
        is_and = self.field(node, "operator").type == "and"
        left = self.value(self.field(node, "left"), on)
        if left is not UNKNOWN and bool(left) != is_and:
            return left
        right = self.value(self.field(node, "right"), on)
        if left is not UNKNOWN:
            return right
        return right if right is not UNKNOWN and bool(right) != is_and else UNKNOWN

    def _conditional(self, node: Node, on: Interpreter) -> Any:
        yes, test, no = real(node)
        value = self.value(test, on)
        return UNKNOWN if value is UNKNOWN else self.value(yes if value else no, on)

    def _comparison(self, node: Node, on: Interpreter) -> Any:
        parts = [child for child in node.children if child.type not in EXTRAS]
        values = [self._operand(child, on) for child in parts if child.is_named]
        signs = [child.type for child in parts if not child.is_named]
        known = True
        for left, sign, right in zip(values, signs, values[1:], strict=False):
            result = self._compared(left, sign, right, on)
            if result is UNKNOWN:
                known = False
            elif not result:
                return False
        return True if known else UNKNOWN

    def _operand(self, node: Node, on: Interpreter) -> Any:
        """An operand's value; a namespace (`dir(m)`, `m.__dict__`) stays its node, to be asked for one name."""
        value = self.value(node, on)
        return node if (value is UNKNOWN or isinstance(value, Present)) and self._is_namespace(node) else value

    def _is_namespace(self, node: Node) -> bool:
        text = self.tree.text(node)
        return text.startswith((b"dir", b"vars")) if node.type == "call" else text.endswith((b".modules", b".__dict__"))

    def _compared(self, left: Any, sign: str, right: Any, on: Interpreter) -> Any:
        if isinstance(right, Node):
            if sign not in ("in", "not in") or not isinstance(left, str):
                return UNKNOWN
            found = self._caller.holds(right, left, on)
            return found if found is UNKNOWN else found == (sign == "in")
        if left is UNKNOWN or right is UNKNOWN or isinstance(left, Node):
            return UNKNOWN
        if (isinstance(left, Present) or isinstance(right, Present)) and None not in (left, right):
            return UNKNOWN
        return COMPARE[sign](left, right)

    def _unary(self, node: Node, on: Interpreter) -> Any:
        value = self.value(self.field(node, "argument"), on)
        return -value if value is not UNKNOWN and self.field(node, "operator").type == "-" else UNKNOWN

    def _binary(self, node: Node, on: Interpreter) -> Any:
        left, right = (self.value(self.field(node, side), on) for side in ("left", "right"))
        sign = self.field(node, "operator").type
        if left is UNKNOWN or right is UNKNOWN or sign not in ARITHMETIC:
            return UNKNOWN
        numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
        if not numbers and not (sign == "+" and isinstance(left, (str, tuple))):
            return UNKNOWN
        result = ARITHMETIC[sign](left, right)
        # Nobody needs more to tell versions, and a hostile text could ask for terabytes.
        return UNKNOWN if (abs(result) if numbers else len(result)) > _LARGEST else result

    def _name(self, node: Node, on: Interpreter) -> Any:
        if self.frame is not None and node.type == "identifier":
            given = self.frame.values.get(self.tree.text(node), self)
            if given is not self:
                return given
        for symbol in self.know.symbols(node):
            if (value := on.value_of(symbol)) is not UNKNOWN or (value := self.know.told(symbol, on)) is not UNKNOWN:
                return value
        if node.type != "identifier":
            return self._member(node, on)
        return self._bound(node, on)

    def _bound(self, node: Node, on: Interpreter) -> Any:
        values = [self.of_binding(binding, on) for binding in self.know.bindings(node, on)]
        if values:
            return one_of(values)
        for symbol in self.know.symbols(node):
            if self.know.exists(symbol, on) is False:
                raise Unavailable(symbol)
        return UNKNOWN

    def of_binding(self, binding: Binding, on: Interpreter) -> Any:
        """What a binding gives its name."""
        if binding.kind in ("import", "from"):
            symbol = self.know.imported(binding)
            return Present(symbol) if symbol and self.know.exists(symbol, on) else UNKNOWN
        if binding.kind in ("function", "class"):
            return Present("")
        if binding.kind not in ("assign", "walrus"):
            return UNKNOWN
        if binding.value is not None:
            return self.value(binding.value, on)
        return self._unpacked(binding, on)

    def _unpacked(self, binding: Binding, on: Interpreter) -> Any:
        """One of several targets: `major, minor, *rest = …`."""
        left, right = self.field(binding.owner, "left"), self.field(binding.owner, "right")
        targets = real(left)
        values = self._elements(right, len(targets), on)
        for at, target in enumerate(targets):
            if target.type == "list_splat_pattern":
                return UNKNOWN
            if target.id == binding.node.id:
                return values(at)
        return UNKNOWN

    def _elements(self, right: Node, count: int, on: Interpreter) -> Callable[[int], Any]:
        if right.type in ("expression_list", "tuple") and len(real(right)) == count:
            return lambda at: self.value(real(right)[at], on)
        value = self.value(right, on)
        return lambda at: value[at] if isinstance(value, tuple) else UNKNOWN

    def _member(self, node: Node, on: Interpreter) -> Any:
        """An attribute of a module that is missing, or of a class of this file."""
        for symbol in self.know.symbols(node):
            found = self.know.exists(symbol, on)
            if found is False:
                raise Unavailable(symbol)
            if found:
                return Present(symbol)
        values = [self.value(value, on) for value in self.know.members(node, on)]
        return one_of(values)

    def _attribute(self, node: Node, on: Interpreter) -> Any:
        name = self.tree.text(self.field(node, "attribute")).decode("utf-8", "replace")
        if name in VersionInfo.fields:
            value = self.value(self.field(node, "object"), on)
            if isinstance(value, VersionInfo):
                return value[VersionInfo.fields.index(name)]
        return self._name(node, on)

    def _subscript(self, node: Node, on: Interpreter) -> Any:
        value = self.value(self.field(node, "value"), on)
        key = self.field(node, "subscript")
        if value is UNKNOWN:
            return UNKNOWN
        index = self._slice(key, on) if key.type == "slice" else self.value(key, on)
        if index is UNKNOWN:
            return UNKNOWN
        part = value[index]
        return tuple(part) if isinstance(part, tuple) else part

    def _slice(self, node: Node, on: Interpreter) -> Any:
        bounds: list[Any] = [None]
        for child in node.children:
            if child.type == ":":
                bounds.append(None)
            elif child.is_named and child.type not in EXTRAS:
                bounds[-1] = self.value(child, on)
        return UNKNOWN if UNKNOWN in bounds else slice(*(bounds if len(bounds) > 1 else [*bounds, None]))

    def _call(self, node: Node, on: Interpreter) -> Any:
        return self._caller.call(node, on)

    def _generator(self, node: Node, on: Interpreter) -> Any:
        return self._caller.generator(node, on)


def real(node: Node) -> list[Node]:
    """The named children that mean something."""
    return [child for child in node.named_children if child.type not in EXTRAS]


def one_of(values: Sequence[Any]) -> Any:
    """The value on which all agree."""
    if not values or _any_unknown(values):
        return UNKNOWN
    if all(value == values[0] or (isinstance(value, Present) and isinstance(values[0], Present)) for value in values):
        return values[0]
    return UNKNOWN


def _any_unknown(values: Sequence[Any]) -> bool:
    return any(value is UNKNOWN for value in values)


_HANDLERS: dict[str, Callable[[Evaluator, Node, Interpreter], Any]] = {
    "integer": Evaluator._literal,
    "float": Evaluator._literal,
    "string": Evaluator._literal,
    "true": Evaluator._true,
    "false": Evaluator._true,
    "none": Evaluator._none,
    "tuple": Evaluator._tuple,
    "list": Evaluator._tuple,
    "set": Evaluator._tuple,
    "expression_list": Evaluator._tuple,
    "dictionary": Evaluator._dictionary,
    "parenthesized_expression": Evaluator._parenthesized,
    "not_operator": Evaluator._not,
    "boolean_operator": Evaluator._boolean,
    "conditional_expression": Evaluator._conditional,
    "comparison_operator": Evaluator._comparison,
    "unary_operator": Evaluator._unary,
    "binary_operator": Evaluator._binary,
    "identifier": Evaluator._name,
    "attribute": Evaluator._attribute,
    "subscript": Evaluator._subscript,
    "call": Evaluator._call,
    "generator_expression": Evaluator._generator,
    "list_comprehension": Evaluator._generator,
}
