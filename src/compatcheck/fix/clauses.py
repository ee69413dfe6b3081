"""Comprehensions that assign: as one more `for` clause where the name is theirs alone, as a loop where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from compatcheck.fix.bindings import target_names
from compatcheck.fix.document import COMPREHENSIONS, Comprehension, below
from compatcheck.fix.refusal import Refused
from compatcheck.fix.statements import assign, bare

if TYPE_CHECKING:
    from compatcheck.fix.lowering import Lowered, Lowering

# Builtins that take all of an iterable, one element after the other.
_EXHAUSTING = frozenset(["list", "tuple", "set", "frozenset", "sorted", "sum", "min", "max", "dict"])


@dataclass(frozen=True, slots=True)
class Clause:
    """`for target in value`, or `if value` when there is no target."""

    value: cst.BaseExpression
    target: cst.BaseAssignTargetExpression | None = None
    asynchronous: cst.Asynchronous | None = None


def clauses_of(loop: cst.CompFor | None) -> list[Clause]:
    """The clauses of a comprehension, one after the other; what `and` joins is one clause each."""
    found: list[Clause] = []
    while loop is not None:
        found.append(Clause(loop.iter, loop.target, loop.asynchronous))
        found += [Clause(part) for test in loop.ifs for part in _conjuncts(test.test)]
        loop = loop.inner_for_in
    return found


def _conjuncts(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return [*_conjuncts(test.left), *_conjuncts(test.right)]
    return [test]


def results(node: Comprehension) -> list[cst.BaseExpression]:
    """What a comprehension gives for each element: one expression, or key and value."""
    if isinstance(node, cst.DictComp):
        return [node.key, node.value]
    return [node.value if isinstance(node, cst.StarredDictComp) else node.elt]


def inlined(lowering: Lowering, node: Comprehension) -> cst.BaseExpression | None:
    """The comprehension with `for name in [value]` for each assignment, or None where that will not do."""
    if not _private(lowering, node):
        return None
    clauses: list[Clause] = []
    for clause in clauses_of(node.for_in):
        values = _as_clauses(lowering, [clause.value], clauses)
        if values is None:
            return None
        clauses.append(Clause(bare(values[0]), clause.target, clause.asynchronous))
    new = _as_clauses(lowering, results(node), clauses)
    if new is None:
        return None
    loops = _rebuilt(clauses, node.for_in)
    if isinstance(node, cst.DictComp):
        return node.with_changes(key=bare(new[0]), value=bare(new[1]), for_in=loops)
    return node.with_changes(elt=bare(new[0]) if not isinstance(new[0], cst.StarredElement) else new[0], for_in=loops)


def _private(lowering: Lowering, node: Comprehension) -> bool:
    """Whether the names that it assigns occur nowhere else in the function or module around it."""
    targets = {each.target.value for each in below(node)
               if isinstance(each, cst.NamedExpr) and isinstance(each.target, cst.Name)}  # fmt: skip
    inside = sum(isinstance(each, cst.Name) and each.value in targets for each in below(node))
    around = sum(isinstance(each, cst.Name) and each.value in targets for each in below(lowering.scope))
    return inside == around


def _as_clauses(
    lowering: Lowering, values: Sequence[cst.BaseExpression], clauses: list[Clause]
) -> list[cst.BaseExpression] | None:
    """The values without assignments, which become clauses; None where one is not always evaluated."""
    statements, new = lowering.in_order(values)
    for statement in statements:
        if not isinstance(statement, cst.SimpleStatementLine):
            return None
        (small,) = statement.body
        if not isinstance(small, cst.Assign) or not isinstance(small.targets[0].target, cst.Name):
            return None
        clauses.append(Clause(cst.List([cst.Element(small.value)]), small.targets[0].target))
    return new


def _rebuilt(clauses: Sequence[Clause], old: cst.CompFor) -> cst.CompFor:
    """Clauses as nested nodes again."""
    loop: cst.CompFor | None = None
    tests: list[cst.CompIf] = []
    for clause in reversed(clauses):
        if clause.target is None:
            tests.insert(0, cst.CompIf(clause.value))
            continue
        loop = cst.CompFor(clause.target, clause.value, tests, loop, clause.asynchronous)
        tests = []
    assert loop is not None
    return loop.with_changes(whitespace_before=old.whitespace_before)


def as_loop(lowering: Lowering, node: Comprehension) -> Lowered:
    """The comprehension as a loop that fills a list, set or dict."""
    if isinstance(node, (cst.GeneratorExp, cst.StarredDictComp)):
        raise Refused("a generator that assigns cannot be told from its loop")
    name = lowering.temporary("_result")
    empty: dict[type[cst.CSTNode], str] = {cst.ListComp: "[]", cst.SetComp: "set()", cst.DictComp: "{}"}
    renamed = _renamed(lowering, node)
    statements, values = lowering.in_order(results(renamed))
    if isinstance(renamed, cst.DictComp):
        index = [cst.SubscriptElement(cst.Index(bare(values[0])))]
        target = cst.Subscript(cst.Name(name), index)
        last: cst.BaseStatement = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(target)], bare(values[1]))])
    else:
        method = "append" if isinstance(renamed, cst.ListComp) else "add"
        call = cst.Call(cst.Attribute(cst.Name(name), cst.Name(method)), [cst.Arg(bare(values[0]))])
        last = cst.SimpleStatementLine([cst.Expr(call)])
    loop = _nested(lowering, clauses_of(renamed.for_in), [*statements, last])
    return [assign(name, cst.parse_expression(empty[type(node)])), *loop], cst.Name(name)


def _nested(
    lowering: Lowering, clauses: Sequence[Clause], body: Sequence[cst.BaseStatement]
) -> list[cst.BaseStatement]:
    result = list(body)
    for clause in reversed(clauses):
        statements, value = lowering.lower(clause.value)
        block = cst.IndentedBlock(result)
        if clause.target is None:
            result = [*statements, cst.If(bare(value), block)]
        else:
            result = [*statements, cst.For(clause.target, value, block, asynchronous=clause.asynchronous)]
    return result


def consumed(lowering: Lowering, call: cst.Call) -> Lowered | None:
    """`any(…)` and others over a generator that assigns, as the loop that they are."""
    if len(call.args) != 1 or call.args[0].star or call.args[0].keyword is not None:
        return None
    generator, function = call.args[0].value, call.func
    if not isinstance(generator, cst.GeneratorExp) or isinstance(generator.elt, cst.StarredElement):
        return None
    if inlined(lowering, generator) is not None:
        return None
    if isinstance(function, cst.Name) and function.value not in lowering.document.bound:
        if function.value in ("any", "all"):
            return _until(lowering, generator, function.value == "any")
        if function.value in _EXHAUSTING:
            return _exhausted(lowering, call, generator)
    joins = isinstance(function, cst.Attribute) and isinstance(function.value, cst.SimpleString)
    if joins and isinstance(function, cst.Attribute) and function.attr.value == "join":
        return _exhausted(lowering, call, generator)
    return None


def _exhausted(lowering: Lowering, call: cst.Call, generator: cst.GeneratorExp) -> Lowered:
    statements, value = as_loop(lowering, cst.ListComp(generator.elt, generator.for_in))
    return statements, call.with_changes(args=[cst.Arg(value)])


def _until(lowering: Lowering, generator: cst.GeneratorExp, wanted: bool) -> Lowered:
    """The loop of `any` (`all`): it ends at the first true (false) element; several loops need more than one `break`."""
    renamed = _renamed(lowering, generator)
    assert isinstance(renamed, cst.GeneratorExp)
    clauses = clauses_of(renamed.for_in)
    if sum(clause.target is not None for clause in clauses) > 1:
        raise Refused("it loops twice: one `break` cannot end both loops")
    name = lowering.temporary("_found" if wanted else "_all")
    statements, value = lowering.lower(renamed.elt)
    test = bare(value) if wanted else negated(bare(value))
    stop = [assign(name, cst.Name(str(wanted))), cst.SimpleStatementLine([cst.Break()])]
    body = [*statements, cst.If(test, cst.IndentedBlock(stop))]
    return [assign(name, cst.Name(str(not wanted))), *_nested(lowering, clauses, body)], cst.Name(name)


def negated(test: cst.BaseExpression) -> cst.BaseExpression:
    """`not test`, where that needs no `not`."""
    if isinstance(test, cst.Comparison) and len(test.comparisons) == 1:
        (one,) = test.comparisons
        opposite: dict[type[cst.CSTNode], cst.BaseCompOp] = {
            cst.Is: cst.IsNot(), cst.IsNot: cst.Is(), cst.In: cst.NotIn(), cst.NotIn: cst.In()
        }  # fmt: skip
        if new := opposite.get(type(one.operator)):
            return test.with_changes(comparisons=[one.with_changes(operator=new)])
    if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
        return test.expression
    needs = isinstance(test, (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr, cst.Comparison))
    operand = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]) if needs and not test.lpar else test
    return cst.UnaryOperation(cst.Not(), operand)


def _renamed(lowering: Lowering, node: Comprehension) -> Comprehension:
    """With other names for loop variables that mean something outside, since a loop shares its names."""
    names = {name for clause in clauses_of(node.for_in) if clause.target for name in target_names(clause.target)}
    _no_closures(node, names)
    counts = {name: sum(isinstance(e, cst.Name) and e.value == name for e in below(node)) for name in names}
    around = [each.value for each in below(lowering.scope) if isinstance(each, cst.Name)]
    taken = {name for name in names if around.count(name) > counts[name]}
    if not taken:
        return node
    new = node.visit(Renamer({name: lowering.temporary(f"_{name}") for name in sorted(taken)}))
    assert isinstance(new, COMPREHENSIONS)
    return new


def _no_closures(node: Comprehension, names: set[str]) -> None:
    for each in below(node):
        inner = isinstance(each, (*COMPREHENSIONS, cst.Lambda)) and each is not node
        if inner and any(isinstance(name, cst.Name) and name.value in names for name in below(each)):
            raise Refused("a function or comprehension inside uses the loop's variable")


class Renamer(cst.CSTTransformer):
    """Gives names other names: not attributes, not keyword arguments."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self._names = names

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        return updated_node.with_changes(value=self._names.get(updated_node.value, updated_node.value))

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)
