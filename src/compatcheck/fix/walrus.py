"""Assignment expressions: the assignment goes before the statement, or into a clause of the comprehension."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.changes import with_before
from compatcheck.fix.clauses import inlined, negated
from compatcheck.fix.document import COMPREHENSIONS, SCOPES, below, children
from compatcheck.fix.lowering import Lowering, assigns
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import as_block, bare, statement_of

_LOOPS = (cst.For, cst.While)


def assign_before(spot: Spot) -> None:
    """Moves the assignments of a whole statement before it."""
    node = spot.node(cst.NamedExpr)
    if _inlined(spot, node):
        return
    if spot.document.nearest(node, cst.Lambda) is not None and _in_lambda(spot, node):
        raise Refused("a lambda cannot hold statements")
    statement = statement_of(spot, node)
    if isinstance(statement, cst.SimpleStatementLine):
        _simple(spot, statement)
    elif isinstance(statement, cst.If):
        _if(spot, statement)
    elif isinstance(statement, cst.While):
        _while(spot, statement)
    elif isinstance(statement, (cst.For, cst.With, cst.Match)):
        _header(spot, statement)
    else:
        raise Refused("it stands in the head of a definition")


def _in_lambda(spot: Spot, node: cst.CSTNode) -> bool:
    for above in spot.document.ancestors(node):
        if isinstance(above, cst.Lambda):
            return True
        if isinstance(above, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            return False
    return False


def _inlined(spot: Spot, node: cst.NamedExpr) -> bool:
    """Whether a comprehension could take it in."""
    outermost = None
    for above in spot.document.ancestors(node):
        if isinstance(above, COMPREHENSIONS):
            outermost = above
        elif isinstance(above, (*SCOPES, cst.BaseSmallStatement)):
            break
    if outermost is None:
        return False
    assert isinstance(outermost, COMPREHENSIONS)
    new = inlined(_lowering(spot, outermost, outermost), outermost)
    if new is not None:
        spot.replace(outermost, new)
    return new is not None


def _lowering(spot: Spot, place: cst.CSTNode, whole: cst.CSTNode) -> Lowering:
    return Lowering(spot.document, place, whole)


def _simple(spot: Spot, line: cst.SimpleStatementLine) -> None:
    (small,) = line.body
    lowering = _lowering(spot, line, small)
    statements, new = _small(lowering, small)
    if new is None:
        last = statements[-1]
        if isinstance(last, cst.SimpleStatementLine):
            statements[-1] = last.with_changes(trailing_whitespace=line.trailing_whitespace)
        spot.replace(line, _led(statements, line))
        return
    spot.replace(line, with_before(statements, [line.with_changes(body=[new])]))


def _led(statements: list[cst.BaseStatement], line: cst.SimpleStatementLine) -> cst.FlattenSentinel[cst.CSTNode]:
    first = statements[0].with_changes(leading_lines=line.leading_lines)
    return cst.FlattenSentinel([first, *statements[1:]])


def _small(
    lowering: Lowering, small: cst.BaseSmallStatement
) -> tuple[list[cst.BaseStatement], cst.BaseSmallStatement | None]:
    """Statements, and what is left of the small statement: nothing where all of it was an assignment."""
    if isinstance(small, cst.Expr):
        statements, value = lowering.lower(small.value)
        if isinstance(small.value, cst.NamedExpr):
            return statements, None
        return statements, small.with_changes(value=value)
    if isinstance(small, (cst.Return, cst.Assign, cst.AnnAssign, cst.AugAssign)):
        return _valued(lowering, small)
    if isinstance(small, cst.Assert) and (small.msg is None or not assigns(small.msg)):
        statements, test = lowering.lower(small.test)
        return statements, small.with_changes(test=bare(test))
    if isinstance(small, cst.Raise) and small.exc is not None:
        parts = [small.exc, *([small.cause.item] if small.cause else [])]
        statements, new = lowering.in_order(parts)
        cause = small.cause.with_changes(item=new[1]) if small.cause else None
        return statements, small.with_changes(exc=bare(new[0]), cause=cause)
    if isinstance(small, cst.Del):
        statements, target = lowering.lower(small.target)
        return statements, small.with_changes(target=target)
    raise Refused("it stands in a statement where no other can go before")


def _valued(
    lowering: Lowering, small: cst.Return | cst.Assign | cst.AnnAssign | cst.AugAssign
) -> tuple[list[cst.BaseStatement], cst.BaseSmallStatement]:
    assert small.value is not None
    parts = [small.value]
    if isinstance(small, cst.Assign):
        parts += [target.target for target in small.targets]  # evaluated after the value
        statements, new = lowering.in_order(parts)
        targets = [old.with_changes(target=target) for old, target in zip(small.targets, new[1:], strict=True)]
        return statements, small.with_changes(value=bare(new[0]), targets=targets)
    plain = isinstance(small, cst.Return) or isinstance(small.target, cst.Name)
    if not plain or (isinstance(small, cst.AnnAssign) and assigns(small.annotation)):
        raise Refused("the target is evaluated before the value")
    if isinstance(small, cst.AugAssign) and small.target.value in _targets(small):  # type: ignore[attr-defined]
        raise Refused("the statement changes the same name twice")
    statements, value = lowering.lower(small.value)
    return statements, small.with_changes(value=bare(value))


def _targets(node: cst.CSTNode) -> set[str]:
    return {each.target.value for each in below(node)
            if isinstance(each, cst.NamedExpr) and isinstance(each.target, cst.Name)}  # fmt: skip


def _if(spot: Spot, statement: cst.If) -> None:
    parent = spot.document.parent(statement)
    new = _lowered_if(_lowering(spot, statement, statement.test), statement)
    if isinstance(parent, cst.If) and parent.orelse is statement:
        block = cst.IndentedBlock([each.with_changes(leading_lines=()) for each in new])
        spot.replace(statement, cst.Else(block, statement.leading_lines))
        return
    first = new[0].with_changes(leading_lines=statement.leading_lines)
    spot.replace(statement, [first, *new[1:]])


def _lowered_if(lowering: Lowering, statement: cst.If) -> list[cst.BaseStatement]:
    """The statements for an `if`; what `and` joins becomes an `if` inside, where there is no `else`."""
    test = statement.test
    conjunction = isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And)
    if conjunction and statement.orelse is None and isinstance(test, cst.BooleanOperation) and assigns(test.right):
        inner = _lowered_if(lowering, statement.with_changes(test=test.right, leading_lines=()))
        outer = cst.If(test.left, cst.IndentedBlock(inner))
        return _lowered_if(lowering, outer) if assigns(test.left) else [outer.with_changes(test=bare(test.left))]
    statements, new = lowering.lower(test)
    return [*statements, statement.with_changes(test=bare(new), leading_lines=(), **_spaced(statement))]


def _spaced(statement: cst.If) -> dict[str, cst.SimpleWhitespace]:
    blank = not statement.whitespace_before_test.value
    return {"whitespace_before_test": cst.SimpleWhitespace(" ")} if blank else {}


def _while(spot: Spot, statement: cst.While) -> None:
    """`while True:` with the test and a `break` at its beginning."""
    statements, test = _lowering(spot, statement, statement.test).lower(statement.test)
    stop: list[cst.BaseStatement] = [cst.SimpleStatementLine([cst.Break()])]
    if statement.orelse is not None:
        if _jumps(statement.orelse.body):
            raise Refused("the `else` of the loop leaves another loop")
        stop = [*_lines(as_block(statement.orelse.body)), *stop]
    leave = cst.If(negated(bare(test)), cst.IndentedBlock(stop))
    block = as_block(statement.body)
    body = block.with_changes(body=[*statements, leave, *block.body])
    spot.replace(
        statement,
        cst.While(
            cst.Name("True"), body, leading_lines=statement.leading_lines,
        ),
    )  # fmt: skip


def _lines(block: cst.IndentedBlock) -> list[cst.BaseStatement]:
    return [line for line in block.body if isinstance(line, cst.BaseStatement)]


def _jumps(node: cst.CSTNode) -> bool:
    """Whether a `break` or `continue` inside means a loop outside."""
    if isinstance(node, (cst.Break, cst.Continue)):
        return True
    if isinstance(node, (*_LOOPS, cst.FunctionDef, cst.ClassDef)):
        return isinstance(node, _LOOPS) and node.orelse is not None and _jumps(node.orelse)
    return any(map(_jumps, children(node)))


def _header(spot: Spot, statement: cst.For | cst.With | cst.Match) -> None:
    lowering = _lowering(spot, statement, _head(statement))
    if isinstance(statement, cst.For):
        if assigns(statement.target):
            raise Refused("the target of the loop assigns")
        statements, value = lowering.lower(statement.iter)
        new: cst.BaseStatement = statement.with_changes(iter=bare(value))
    elif isinstance(statement, cst.Match):
        statements, value = lowering.lower(statement.subject)
        new = statement.with_changes(subject=bare(value))
    else:
        first, *rest = statement.items
        if any(map(assigns, rest)):
            raise Refused("it is evaluated after the first context was entered")
        statements, value = lowering.lower(first.item)
        new = statement.with_changes(items=[first.with_changes(item=value), *rest])
    spot.replace(statement, with_before(statements, [new]))


def _head(statement: cst.For | cst.With | cst.Match) -> cst.CSTNode:
    if isinstance(statement, cst.For):
        return statement.iter
    return statement.subject if isinstance(statement, cst.Match) else statement.items[0]
