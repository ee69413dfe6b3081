"""`match` statements as `if` statements that decide the same, bind the same and evaluate the subject once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from compatcheck.fix.bindings import bound_in
from compatcheck.fix.document import below
from compatcheck.fix.patterns import Either, Let, Plan, Planner, Step, Test, Tools
from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.statements import as_block, assign, parenthesised


@dataclass(frozen=True, slots=True)
class Case:
    """A case with its plan."""

    plan: Plan
    guard: cst.BaseExpression | None
    body: cst.IndentedBlock
    leading: Sequence[cst.EmptyLine]

    @property
    def test(self) -> str | None:
        """The one expression that decides the case, where there is one; empty when the case always matches."""
        if self.guard is not None and self.plan.bound:
            return None
        tests = [step.code for step in self.plan.steps if isinstance(step, Test)]
        return " and ".join(tests) if len(tests) == len(self.plan.steps) else None


def as_if(spot: Spot) -> None:
    """The whole statement at once."""
    statement = spot.node(cst.Match)
    _Matching(spot, statement).rewrite()


class _Matching:
    def __init__(self, spot: Spot, statement: cst.Match) -> None:
        self._spot = spot
        self._statement = statement
        self._scope = spot.document.scope(statement)
        self._names: dict[tuple[str, int], str] = {}

    def rewrite(self) -> None:
        subject, first = self._subject()
        subjects = self._statement.subject
        length = len(subjects.elements) if isinstance(subjects, cst.Tuple) and _all_plain(subjects) else None
        cases = [self._case(case, subject, length) for case in self._statement.cases]
        statements = [*first, *self._chain(cases)]
        leading = [*self._statement.leading_lines]
        if not first:
            leading += getattr(statements[0], "leading_lines", ())
        statements[0] = statements[0].with_changes(leading_lines=leading)
        statements[-1] = _with_footer(statements[-1], self._statement.footer)
        self._spot.replace(self._statement, statements)

    def _subject(self) -> tuple[str, list[cst.BaseStatement]]:
        """Code that gives the subject as often as it is asked, and the statement that makes it so."""
        node = self._statement.subject
        if isinstance(node, cst.Name) and self._steady(node.value):
            return node.value, []
        name = self._temporary("_subject", 1)
        value = parenthesised(node) if isinstance(node, (cst.Tuple, cst.NamedExpr)) else node
        return name, [assign(name, value)]

    def _steady(self, name: str) -> bool:
        """Whether a name means the same in all tests: nothing that runs before a body assigns to it."""
        heads = [case.pattern for case in self._statement.cases]
        guards = [case.guard for case in self._statement.cases if case.guard is not None]
        if any(name in bound_in(each) for each in (*heads, *guards)):
            return False
        calls = any(isinstance(each, (cst.Call, cst.Await)) for guard in guards for each in below(guard))
        shared = any(item.name.value == name for item in self._spot.document.every(cst.NameItem))
        local = isinstance(self._scope, cst.FunctionDef) and not shared
        return local or not calls

    def _temporary(self, wish: str, count: int) -> str:
        if isinstance(self._scope, cst.ClassDef):
            raise Refused("a name that the class does not have would become its attribute")
        if (wish, count) not in self._names:
            self._names[wish, count] = self._spot.document.fresh(wish)
        return self._names[wish, count]

    def _case(self, case: cst.MatchCase, subject: str, length: int | None) -> Case:
        document = self._spot.document
        tools = Tools(
            document.code,
            lambda name: self._spot.piece(name, self._statement),
            self._temporary,
            lambda name: name not in document.bound,
            lambda: document.code(self._spot.imported("collections.abc:Mapping", self._statement)),
        )
        planner = Planner(tools, length)
        planner.of(case.pattern, subject, whole=True)
        return Case(planner.plan, case.guard, as_block(case.body), case.leading_lines)

    def _chain(self, cases: Sequence[Case]) -> list[cst.BaseStatement]:
        """`if`, `elif`, `else`, as far as one expression decides; the rest inside the last `else`."""
        simple = []
        for case in cases:
            if case.test is None:
                break
            simple.append(case)
            if case.test == "" and case.guard is None:
                break
        rest = cases[len(simple) :] if len(simple) < len(cases) else []
        if simple and simple[-1].test == "" and simple[-1].guard is None:
            last = simple.pop()
            if not simple:
                return self._always(last)
            orelse: cst.If | cst.Else | None = cst.Else(_body(last), last.leading)
        else:
            orelse = cst.Else(cst.IndentedBlock(self._flagged(rest))) if rest else None
        if not simple:
            return self._flagged(rest)
        for case in reversed(simple):
            orelse = cst.If(self._condition(case), _body(case), orelse, case.leading)
        assert isinstance(orelse, cst.If)
        return [orelse]

    def _always(self, case: Case) -> list[cst.BaseStatement]:
        """A first case that always matches."""
        lines = [line for line in _body(case).body if isinstance(line, cst.BaseStatement)]
        return [
            lines[0].with_changes(leading_lines=[*case.leading, *getattr(lines[0], "leading_lines", ())]),
            *lines[1:],
        ]

    def _condition(self, case: Case) -> cst.BaseExpression:
        tests = [case.test] if case.test else []
        if case.guard is not None:
            tests.append(_operand(self._spot.document.code(case.guard), case.guard, bool(tests)))
        return cst.parse_expression(" and ".join(tests))

    def _flagged(self, cases: Sequence[Case]) -> list[cst.BaseStatement]:
        """One case after the other; a flag says whether one has matched, where a body does not leave anyway."""
        flag = self._temporary("_matched", 1) if any(not _leaves(case.body) for case in cases[:-1]) else ""
        statements: list[cst.BaseStatement] = []
        marked = False
        for index, case in enumerate(cases):
            mark = flag if index < len(cases) - 1 and not _leaves(case.body) else None
            unless = f"not {flag}" if marked else ""
            statements += self._one(case, unless, mark)
            marked = marked or mark is not None
            if case.test == "" and case.guard is None:
                break
        return [assign(flag, cst.Name("False")), *statements] if marked else statements

    def _one(self, case: Case, unless: str, mark: str | None) -> list[cst.BaseStatement]:
        """One case among those that need the flag."""
        if case.test is None:
            inner = self._nested(case, mark)
        else:
            tests = [each for each in (unless, case.test) if each]
            if case.guard is not None:
                tests.append(_operand(self._spot.document.code(case.guard), case.guard, bool(tests)))
            if tests:
                return [cst.If(cst.parse_expression(" and ".join(tests)), _body(case, mark), None, case.leading)]
            inner = [line for line in _body(case, mark).body if isinstance(line, cst.BaseStatement)]
        if unless:
            return [cst.If(cst.parse_expression(unless), cst.IndentedBlock(inner), None, case.leading)]
        leading = [*case.leading, *getattr(inner[0], "leading_lines", ())]
        return [inner[0].with_changes(leading_lines=leading), *inner[1:]]

    def _nested(self, case: Case, mark: str | None) -> list[cst.BaseStatement]:
        inner: list[cst.BaseStatement] = []
        if case.guard is not None:
            guard = cst.If(case.guard.with_changes(), _body(case, mark, bind=False))
            inner = [*_bindings(case), guard]
            return _nest(case.plan.steps, cst.IndentedBlock(inner))
        return _nest(case.plan.steps, _body(case, mark))


def _leaves(body: cst.IndentedBlock) -> bool:
    """Whether a body never reaches its end."""
    last = body.body[-1]
    return isinstance(last, cst.SimpleStatementLine) and isinstance(
        last.body[-1], (cst.Return, cst.Raise, cst.Continue, cst.Break)
    )


def _nest(steps: Sequence[Step], inner: cst.IndentedBlock) -> list[cst.BaseStatement]:
    """Statements that run the steps, and `inner` where all hold."""
    if not steps:
        return [line for line in inner.body if isinstance(line, cst.BaseStatement)]
    step, *rest = steps
    if isinstance(step, Let):
        return [assign(step.name, cst.parse_expression(step.code)), *_nest(rest, inner)]
    if isinstance(step, Either):
        return [*_either(step), cst.If(cst.Name(step.found), _block(rest, inner))]
    tests = [step.code]
    while rest and isinstance(rest[0], Test):
        tests.append(rest.pop(0).code)  # type: ignore[union-attr]
    return [cst.If(cst.parse_expression(" and ".join(tests)), _block(rest, inner))]


def _block(rest: Sequence[Step], inner: cst.IndentedBlock) -> cst.IndentedBlock:
    return cst.IndentedBlock(_nest(rest, inner)) if rest else inner


def _either(step: Either) -> Iterator[cst.BaseStatement]:
    yield assign(step.found, cst.Name("False"))
    for index, steps in enumerate(step.alternatives):
        last = len(steps)
        while last and isinstance(steps[last - 1], Let):
            last -= 1
        tail = [assign(each.name, cst.parse_expression(each.code)) for each in steps[last:] if isinstance(each, Let)]
        block = cst.IndentedBlock([*tail, assign(step.found, cst.Name("True"))])
        inner = _nest(steps[:last], block)
        if index:
            yield cst.If(cst.parse_expression(f"not {step.found}"), cst.IndentedBlock(inner))
        else:
            yield from inner


def _bindings(case: Case) -> list[cst.BaseStatement]:
    return [assign(name, cst.parse_expression(value)) for name, value in case.plan.bound.items()]


def _body(case: Case, mark: str | None = None, bind: bool = True) -> cst.IndentedBlock:
    """The body, after the names that the pattern binds."""
    marks = [assign(mark, cst.Name("True"))] if mark else []
    bindings = _bindings(case) if bind else []
    return case.body.with_changes(body=[*bindings, *marks, *case.body.body])


def _operand(code: str, node: cst.BaseExpression, among: bool) -> str:
    """A guard beside other tests."""
    loose = isinstance(node, (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr, cst.GeneratorExp))
    conjunction = isinstance(node, cst.BooleanOperation) and isinstance(node.operator, cst.And)
    multiline = "\n" in code
    return f"({code})" if ((among and loose and not conjunction) or multiline) and not node.lpar else code


def _all_plain(node: cst.Tuple) -> bool:
    return not any(isinstance(each, cst.StarredElement) for each in node.elements)


def _with_footer(statement: cst.BaseStatement, footer: Sequence[cst.EmptyLine]) -> cst.BaseStatement:
    """Comments after the last case go after the last body."""
    if not any(line.comment for line in footer):
        return statement
    if isinstance(statement, cst.If):
        if statement.orelse is not None:
            orelse = statement.orelse
            new = _with_footer(orelse, footer) if isinstance(orelse, cst.If) else orelse.with_changes(
                body=_foot(orelse.body, footer))  # fmt: skip
            return statement.with_changes(orelse=new)
        return statement.with_changes(body=_foot(statement.body, footer))
    return statement


def _foot(body: cst.BaseSuite, footer: Sequence[cst.EmptyLine]) -> cst.BaseSuite:
    assert isinstance(body, cst.IndentedBlock)
    return body.with_changes(footer=[*body.footer, *footer])
