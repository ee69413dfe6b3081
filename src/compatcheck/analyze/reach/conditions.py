"""Where a test can be true, and where it can be false: every runtime's own answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tree_sitter import Node

from compatcheck.analyze.reach.climb import Truth
from compatcheck.analyze.reach.evaluate import Evaluator
from compatcheck.analyze.reach.patterns import matches
from compatcheck.analyze.reach.telling import Telling
from compatcheck.analyze.reach.values import UNKNOWN, Interpreter, Unavailable
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet

# No micro release of any version is higher.
LAST_MICRO = 40


class Conditions:
    """Judges the tests of one tree, each once; only those that can tell versions are evaluated."""

    def __init__(self, telling: Telling, runtimes: Runtimes, scope: RuntimeSet) -> None:
        self._telling = telling
        self._runtimes = runtimes
        self._scope = scope
        self._known: dict[int, Truth] = {}
        self._open = Truth(scope, scope)
        self.open_tests: dict[int, Node] = {}
        self.evaluator: Evaluator  # set by who makes both: they ask each other

    def of(self, test: Node) -> Truth:
        """The runtimes on which a test can be true, and on which it can be false."""
        if not self._telling.matters(test):
            self.open_tests[test.id] = test
            return self._open
        if test.id not in self._known:
            self._known[test.id] = self._open
            self._known[test.id] = self._judge(test)
        return self._known[test.id]

    def of_case(self, case: Node) -> Truth:
        """The same for a case clause: where its pattern can match, and where not."""
        statement = case.parent.parent if case.parent is not None else None
        subject = statement.child_by_field_name("subject") if statement is not None else None
        if subject is None or not self._telling.matters(subject):
            return self._open
        if case.id not in self._known:
            self._known[case.id] = self._open
            self._known[case.id] = self.each(lambda on: matches(case, self.evaluator, on), self._scope)
        return self._known[case.id]

    def _judge(self, test: Node) -> Truth:
        if test.type == "parenthesized_expression" and test.named_child_count == 1:
            return self.of(test.named_children[0])
        if test.type == "not_operator" and (argument := test.child_by_field_name("argument")) is not None:
            inner = self.of(argument)
            return Truth(inner.no, inner.yes)
        if test.type == "boolean_operator":
            return self._judge_both(test)
        return self.each(lambda on: self.evaluator.value(test, on), self._scope)

    def _judge_both(self, test: Node) -> Truth:
        left_node, right_node = test.child_by_field_name("left"), test.child_by_field_name("right")
        sign = test.child_by_field_name("operator")
        if left_node is None or right_node is None or sign is None:
            return self._open
        left, right = self.of(left_node), self.of(right_node)
        if sign.type == "and":
            return Truth(left.yes & right.yes, left.no | (left.yes & right.no))
        return Truth(left.yes | (left.no & right.yes), left.no & right.no)

    def _open_on(self, on: Interpreter, value_on: Callable[[Interpreter], Any]) -> bool:
        try:
            return value_on(on) is UNKNOWN
        except Unavailable:
            return False

    def each(self, value_on: Callable[[Interpreter], Any], runtimes: RuntimeSet) -> Truth:
        """What a value is on each of the runtimes, at its first and its last micro release."""
        yes = no = NO_RUNTIMES
        members = list(self._runtimes.members(runtimes))
        platforms = [runtime for runtime in members[1:-1] if runtime.tells]
        ends = [Interpreter.of(runtime, 0) for runtime in (*members[:1], *platforms, *members[-1:])]
        if all(self._open_on(on, value_on) for on in ends):
            return Truth(runtimes, runtimes)
        for runtime in members:
            one = RuntimeSet(1 << runtime.bit)
            for micro in (0, LAST_MICRO):
                try:
                    value = value_on(Interpreter.of(runtime, micro))
                except Unavailable:
                    continue
                if value is UNKNOWN or value:
                    yes |= one
                if value is UNKNOWN or not value:
                    no |= one
                if value is UNKNOWN:
                    break
        return Truth(yes, no)
