"""Expressions that assign to statements that do, and an expression that does not: order of evaluation and scope stay."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import libcst as cst

from compatcheck.fix.clauses import as_loop, consumed, inlined
from compatcheck.fix.document import COMPREHENSIONS, Document, below, children
from compatcheck.fix.quiet import inert
from compatcheck.fix.refusal import Refused
from compatcheck.fix.statements import assign, bare, parenthesised

Lowered = tuple[list[cst.BaseStatement], cst.BaseExpression]


def assigns(node: cst.CSTNode) -> bool:
    """Whether an assignment expression stands somewhere inside."""
    return any(isinstance(each, cst.NamedExpr) for each in below(node))


class Lowering:
    """Lowers the expressions of one statement. `place` is where they stand; in a class no names may be added."""

    def __init__(self, document: Document, place: cst.CSTNode, whole: cst.CSTNode) -> None:
        self.document = document
        self.scope = document.scope(place)
        targets = [each.target.value for each in below(whole)
                   if isinstance(each, cst.NamedExpr) and isinstance(each.target, cst.Name)]  # fmt: skip
        self._targets = frozenset(targets)
        self._several = frozenset(name for name in targets if targets.count(name) > 1)

    def lower(self, node: cst.BaseExpression) -> Lowered:
        """Statements, and the expression that has the value after them."""
        if not assigns(node):
            return [], node
        if isinstance(node, cst.NamedExpr):
            return self._assignment(node)
        if isinstance(node, cst.BooleanOperation):
            return self._boolean(node)
        if isinstance(node, cst.IfExp):
            return self._conditional(node)
        if isinstance(node, cst.Comparison):
            return self._comparison(node)
        if isinstance(node, cst.Lambda):
            raise Refused("a lambda cannot hold statements")
        if isinstance(node, COMPREHENSIONS):
            return self._comprehension(node)
        if isinstance(node, cst.FormattedString):
            return self._formatted(node)
        if isinstance(node, cst.Call) and (loop := consumed(self, node)) is not None:
            return loop
        return self._ordered(node)

    def _assignment(self, node: cst.NamedExpr) -> Lowered:
        assert isinstance(node.target, cst.Name)
        statements, value = self.lower(node.value)
        name = node.target.value
        statements.append(assign(name, bare(value)))
        return statements, self.kept(cst.Name(name), statements) if name in self._several else cst.Name(name)

    def _boolean(self, node: cst.BooleanOperation) -> Lowered:
        statements, left = self.lower(node.left)
        if not assigns(node.right):
            return statements, node.with_changes(left=left)
        name = self._result(left, statements, "_test")
        more, right = self.lower(node.right)
        test: cst.BaseExpression = cst.Name(name)
        if isinstance(node.operator, cst.Or):
            test = cst.UnaryOperation(cst.Not(), test)
        statements.append(cst.If(test, cst.IndentedBlock([*more, assign(name, bare(right))])))
        return statements, cst.Name(name)

    def _result(self, value: cst.BaseExpression, statements: list[cst.BaseStatement], wish: str) -> str:
        """The name of a value that may be assigned to again."""
        if isinstance(value, cst.Name) and value.value.startswith(wish) and value.value in self.document.temporary:
            return value.value
        name = self.temporary(wish)
        statements.append(assign(name, bare(value)))
        return name

    def _conditional(self, node: cst.IfExp) -> Lowered:
        statements, test = self.lower(node.test)
        if not assigns(node.body) and not assigns(node.orelse):
            return statements, node.with_changes(test=test)
        name = self.temporary("_value")
        (yes, body), (no, orelse) = self.lower(node.body), self.lower(node.orelse)
        statements.append(
            cst.If(
                bare(test),
                cst.IndentedBlock([*yes, assign(name, bare(body))]),
                cst.Else(cst.IndentedBlock([*no, assign(name, bare(orelse))])),
            )
        )
        return statements, cst.Name(name)

    def _comparison(self, node: cst.Comparison) -> Lowered:
        first, *rest = node.comparisons
        if not any(assigns(each.comparator) for each in rest):
            (statements, (left, right)) = self.in_order([node.left, first.comparator])
            return statements, node.with_changes(
                left=left, comparisons=[first.with_changes(comparator=right), *node.comparisons[1:]]
            )
        statements, (left, middle) = self.in_order([node.left, first.comparator], keep_all=True)
        bits = {"lpar": (), "rpar": ()}
        chain = cst.BooleanOperation(
            cst.Comparison(left, [first.with_changes(comparator=middle)], **bits),
            cst.And(),
            cst.Comparison(middle, rest, **bits),
        )
        more, value = self.lower(chain)
        return [*statements, *more], value

    def _comprehension(self, node: cst.BaseExpression) -> Lowered:
        assert isinstance(node, COMPREHENSIONS)
        if (new := inlined(self, node)) is not None:
            return [], new
        return as_loop(self, node)

    def _formatted(self, node: cst.FormattedString) -> Lowered:
        """Each field is formatted before the next is evaluated."""
        statements: list[cst.BaseStatement] = []
        parts = list(node.parts)
        last = max(index for index, part in enumerate(parts) if assigns(part))
        for index, part in enumerate(parts[: last + 1]):
            if not isinstance(part, cst.FormattedStringExpression):
                continue
            if part.format_spec is not None and any(map(assigns, part.format_spec)):
                raise Refused("the assignment stands in a format specification")
            more, value = self.lower(part.expression)
            statements += more
            new = part.with_changes(expression=value)
            if index < last and not isinstance(value, (cst.Integer, cst.SimpleString)):
                piece = self.kept(node.with_changes(parts=[new], lpar=(), rpar=()), statements)
                new = cst.FormattedStringExpression(piece)
            parts[index] = new
        return statements, node.with_changes(parts=parts)

    def _ordered(self, node: cst.BaseExpression) -> Lowered:
        """An expression whose parts are evaluated in the order of the text."""
        if isinstance(node, cst.Call) and _stars_after_keyword(node):
            raise Refused("the order in which the arguments are evaluated is not that of the text")
        parts = direct(node)
        statements, new = self.in_order(parts, callee=isinstance(node, cst.Call))
        replaced = {old: fresh for old, fresh in zip(parts, new, strict=True) if old is not fresh}
        return statements, exchanged(node, replaced)

    def in_order(
        self, parts: Sequence[cst.BaseExpression], callee: bool = False, keep_all: bool = False
    ) -> tuple[list[cst.BaseStatement], list[cst.BaseExpression]]:
        """Lowers expressions that are evaluated one after the other."""
        statements: list[cst.BaseStatement] = []
        found: list[cst.BaseExpression] = []
        last = max((index for index, part in enumerate(parts) if assigns(part)), default=-1)
        for index, part in enumerate(parts):
            more, value = self.lower(part)
            statements += more
            method = callee and index == 0 and isinstance(value, cst.Attribute) and isinstance(value.value, cst.Name)
            if (index < last or keep_all) and not self._stays(value) and not method:
                value = self.kept(value, statements)
            found.append(value)
        return statements, found

    def _stays(self, value: cst.BaseExpression) -> bool:
        """Whether what comes later in the statement cannot change a value."""
        return inert(value) and not any(isinstance(e, cst.Name) and e.value in self._targets and not self._final(e)
                                        for e in below(value))  # fmt: skip

    def _final(self, name: cst.Name) -> bool:
        """Whether a name that the statement assigns to stands for the value that was just assigned."""
        return name.value not in self._several and name not in self.document.known

    def kept(self, value: cst.BaseExpression, statements: list[cst.BaseStatement]) -> cst.BaseExpression:
        """A value under a name of its own."""
        if isinstance(value, (cst.StarredElement, cst.StarredDictElement)):
            raise Refused("the order in which values are unpacked cannot be kept")
        name = self.temporary("_value")
        statements.append(assign(name, bare(value)))
        return cst.Name(name)

    def temporary(self, wish: str) -> str:
        if isinstance(self.scope, cst.ClassDef):
            raise Refused("a name that the class does not have would become its attribute")
        name = self.document.fresh(wish)
        self.document.temporary.add(name)
        return name


def direct(node: cst.CSTNode) -> list[cst.BaseExpression]:
    """The expressions that an expression is made of, in the order of the text."""
    found: list[cst.BaseExpression] = []
    for child in children(node):
        if isinstance(child, cst.Name) and _is_label(node, child):
            continue
        if isinstance(child, cst.BaseExpression):
            found.append(child)
        else:
            found += direct(child)
    return found


def _is_label(parent: cst.CSTNode, child: cst.Name) -> bool:
    """Whether a name is an attribute's or a keyword argument's: no expression."""
    return (isinstance(parent, cst.Attribute) and child is parent.attr) or (
        isinstance(parent, cst.Arg) and child is parent.keyword
    )


def exchanged(node: cst.BaseExpression, new: dict[cst.BaseExpression, cst.BaseExpression]) -> cst.BaseExpression:
    """An expression with other expressions in the place of some of its own."""
    result = node.visit(_Exchange(new))
    assert isinstance(result, cst.BaseExpression)
    return result


class _Exchange(cst.CSTTransformer):
    def __init__(self, new: dict[cst.BaseExpression, cst.BaseExpression]) -> None:
        super().__init__()
        self._new = new

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self._new

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> cst.CSTNode:
        if not isinstance(original_node, cst.BaseExpression) or original_node not in self._new:
            return updated_node
        new = self._new[original_node]
        if original_node.lpar and not new.lpar and not isinstance(new, (cst.Name, cst.NamedExpr)):
            return parenthesised(new)
        return new


def _stars_after_keyword(node: cst.Call) -> bool:
    return any(left.keyword is not None and right.star == "*" for left, right in pairwise(node.args))
