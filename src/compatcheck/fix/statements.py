"""Statements: the one that an expression stands in, alone on its line and in a block, so that others can go before."""

from __future__ import annotations

import libcst as cst

from compatcheck.fix.refusal import Later, Refused
from compatcheck.fix.spot import Spot


def statement_of(spot: Spot, node: cst.CSTNode) -> cst.SimpleStatementLine | cst.BaseCompoundStatement:
    """The innermost statement around a node. Raises Later after making room for others before it."""
    for above in (node, *spot.document.ancestors(node)):
        if isinstance(above, (cst.BaseSmallStatement, cst.SimpleStatementSuite)):
            continue
        if isinstance(above, cst.SimpleStatementLine):
            return line_of(spot, above.body[0]) if len(above.body) > 1 else above
        if isinstance(above, cst.BaseCompoundStatement):
            suite = _suite_holding(spot, node)
            if suite is not None:
                spot.replace(suite, _block(suite))
                raise Later
            return above
    raise Refused("it is in no statement")


def line_of(spot: Spot, small: cst.BaseSmallStatement) -> cst.SimpleStatementLine:
    """The line of a small statement, when it is alone there. Raises Later after giving it a line."""
    line = spot.document.parent(small)
    if isinstance(line, cst.SimpleStatementSuite):
        spot.replace(line, _block(line))
        raise Later
    if not isinstance(line, cst.SimpleStatementLine):
        raise Refused("it is in no statement")
    if len(line.body) > 1:
        spot.replace(line, split(line))
        raise Later
    return line


def _suite_holding(spot: Spot, node: cst.CSTNode) -> cst.SimpleStatementSuite | None:
    for above in spot.document.ancestors(node):
        if isinstance(above, cst.SimpleStatementSuite):
            return above
        if isinstance(above, cst.BaseCompoundStatement):
            return None
    return None


def split(line: cst.SimpleStatementLine) -> list[cst.SimpleStatementLine]:
    """A line for each of its statements."""
    bodies = [small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for small in line.body]
    first = cst.SimpleStatementLine([bodies[0]], line.leading_lines)
    rest = [cst.SimpleStatementLine([small]) for small in bodies[1:]]
    rest[-1] = rest[-1].with_changes(trailing_whitespace=line.trailing_whitespace)
    return [first, *rest]


def _block(suite: cst.SimpleStatementSuite) -> cst.IndentedBlock:
    bodies = [small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for small in suite.body]
    lines = [cst.SimpleStatementLine([small]) for small in bodies]
    lines[-1] = lines[-1].with_changes(trailing_whitespace=suite.trailing_whitespace)
    return cst.IndentedBlock(lines)


def as_block(suite: cst.BaseSuite) -> cst.IndentedBlock:
    """A suite as a block on lines of its own."""
    if isinstance(suite, cst.SimpleStatementSuite):
        return _block(suite)
    assert isinstance(suite, cst.IndentedBlock)
    return suite


def assign(name: str, value: cst.BaseExpression) -> cst.SimpleStatementLine:
    """`name = value`."""
    return cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], value)])


def bare(expression: cst.BaseExpression) -> cst.BaseExpression:
    """An expression to stand alone: without parentheses, unless it goes over several lines or needs them."""
    if isinstance(expression, (cst.Tuple, cst.GeneratorExp, cst.Yield, cst.NamedExpr)):
        return expression
    if not expression.lpar:
        return parenthesised(expression) if _breaks(expression) else expression
    new = expression.with_changes(lpar=expression.lpar[1:], rpar=expression.rpar[:-1])
    return expression if "\n" in _code(new) else new


def _breaks(expression: cst.BaseExpression) -> bool:
    """Whether a line ends inside, and outside of all brackets: what stood in parentheses may be left without them."""
    code = _code(expression)
    if "\n" not in code:
        return False
    try:
        cst.parse_expression(code)
    except cst.ParserSyntaxError:
        return True
    return False


def _code(node: cst.CSTNode) -> str:
    return cst.Module(()).code_for_node(node)


def parenthesised(expression: cst.BaseExpression) -> cst.BaseExpression:
    """An expression in parentheses, unless it has some."""
    if expression.lpar:
        return expression
    return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
