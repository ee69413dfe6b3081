"""Patterns to steps: tests, values that are asked for once, and what is bound when all of them hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import libcst as cst

from compatcheck.fix.bindings import bound_in
from compatcheck.fix.refusal import Refused

# Classes whose one positional sub-pattern is the subject itself.
_SELF = frozenset(["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"])


@dataclass(frozen=True, slots=True)
class Test:
    """An expression that must be true."""

    code: str


@dataclass(frozen=True, slots=True)
class Let:
    """A value that is evaluated once."""

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives that bind names: the first that holds counts. `found` is true after it."""

    alternatives: tuple[tuple[Step, ...], ...]
    found: str


Step = Test | Let | Either


@dataclass(slots=True)
class Plan:
    """The steps of one pattern, and the names that it binds, with their values."""

    steps: list[Step] = field(default_factory=list)
    bound: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Tools:
    """Names of helpers and of temporary values; `is_builtin` says whether a name still means a builtin."""

    code: Callable[[cst.CSTNode], str]
    helper: Callable[[str], str]
    temporary: Callable[[str, int], str]
    is_builtin: Callable[[str], bool]
    mapping: Callable[[], str]


class Planner:
    """Plans the patterns of one case."""

    def __init__(self, tools: Tools, length: int | None = None) -> None:
        self._tools = tools
        self._length = length  # of a subject that is known to be a tuple
        self._used: dict[str, int] = {}
        self.plan = Plan()

    def of(self, pattern: cst.MatchPattern, subject: str, whole: bool = False) -> None:
        """Adds the steps of a pattern for a subject, given as code that can be repeated."""
        if isinstance(pattern, cst.MatchAs):
            if pattern.pattern is not None:
                self.of(pattern.pattern, subject, whole)
            if pattern.name is not None:
                self._bind(pattern.name.value, subject)
        elif isinstance(pattern, cst.MatchValue):
            self._test(f"{subject} == {self._value(pattern.value)}")
        elif isinstance(pattern, cst.MatchSingleton):
            self._test(f"{subject} is {pattern.value.value}")
        elif isinstance(pattern, cst.MatchOr):
            self._alternatives([each.pattern for each in pattern.patterns], subject, whole)
        elif isinstance(pattern, (cst.MatchList, cst.MatchTuple)):
            self._sequence(pattern.patterns, subject, self._length if whole else None)
        elif isinstance(pattern, cst.MatchMapping):
            self._mapping(pattern, subject)
        elif isinstance(pattern, cst.MatchClass):
            self._class(pattern, subject)
        else:
            raise Refused("the pattern is of a kind that no fix knows")

    def _test(self, code: str) -> None:
        self.plan.steps.append(Test(code))

    def _bind(self, name: str, value: str) -> None:
        self.plan.bound[name] = value

    def _value(self, node: cst.BaseExpression) -> str:
        code = self._tools.code(node)
        return f"({code})" if isinstance(node, cst.ConcatenatedString) and not node.lpar else code

    def _temporary(self, wish: str) -> str:
        count = self._used[wish] = self._used.get(wish, 0) + 1
        return self._tools.temporary(wish, count)

    def _alternatives(self, patterns: Sequence[cst.MatchPattern], subject: str, whole: bool) -> None:
        literals = [each.value for each in patterns if isinstance(each, cst.MatchValue) and _literal(each.value)]
        if len(literals) == len(patterns):
            self._test(f"{subject} in ({', '.join(map(self._value, literals))})")
            return
        plans = [self._alone(each, subject, whole) for each in patterns]
        tests = [[step.code for step in plan.steps if isinstance(step, Test)] for plan in plans]
        if all(len(found) == len(plan.steps) and not plan.bound for found, plan in zip(tests, plans, strict=True)):
            if all(tests):
                self._test("(" + " or ".join(map(" and ".join, tests)) + ")")
            return
        names = {name: self._temporary("_" + name) for name in plans[0].bound}
        found = self._temporary("_found")
        alternatives = tuple(
            (*plan.steps, *(Let(names[name], code) for name, code in plan.bound.items())) for plan in plans
        )
        self.plan.steps.append(Either(alternatives, found))
        self.plan.bound |= names

    def _alone(self, pattern: cst.MatchPattern, subject: str, whole: bool) -> Plan:
        """The plan of a pattern apart from what was planned before."""
        before, self.plan = self.plan, Plan()
        self.of(pattern, subject, whole)
        alone, self.plan = self.plan, before
        return alone

    def _sequence(
        self, parts: Sequence[cst.MatchSequenceElement | cst.MatchStar], subject: str, length: int | None
    ) -> None:
        stars = [index for index, part in enumerate(parts) if isinstance(part, cst.MatchStar)]
        count = len(parts) - len(stars)
        if length is None:
            self._test(f"{self._tools.helper('_is_sequence')}({subject})")
            if count or not stars:
                self._test(f"len({subject}) {'>=' if stars else '=='} {count}")
        elif not (length >= count if stars else length == count):
            self._test("False")
            for name in sorted({name for part in parts for name in bound_in(part)}):
                self._bind(name, "None")  # other alternatives may bind it
            return
        for index, part in enumerate(parts):
            if isinstance(part, cst.MatchStar):
                if part.name is not None:
                    self._bind(part.name.value, _rest(subject, index, len(parts) - index - 1))
            else:
                assert isinstance(part, cst.MatchSequenceElement)
                place = str(index) if not stars or index < stars[0] else f"len({subject}) - {len(parts) - index}"
                self.of(part.value, f"{subject}[{place}]")

    def _mapping(self, pattern: cst.MatchMapping, subject: str) -> None:
        self._test(f"isinstance({subject}, {self._tools.mapping()})")
        keys = [self._value(element.key) for element in pattern.elements]
        for key in keys:
            self._test(f"{key} in {subject}")
        for key, element in zip(keys, pattern.elements, strict=True):
            self.of(element.pattern, f"{subject}[{key}]")
        if pattern.rest is not None:
            listed = ", ".join(keys) + ("," if len(keys) == 1 else "")
            kept = f" if key not in ({listed})" if keys else ""
            self._bind(pattern.rest.value, f"{{key: value for key, value in {subject}.items(){kept}}}")

    def _class(self, pattern: cst.MatchClass, subject: str) -> None:
        cls = self._tools.code(pattern.cls)
        positional = [element.value for element in pattern.patterns]
        if not positional and not pattern.kwds:
            self._test(f"isinstance({subject}, {cls})")
            return
        if cls in _SELF and self._tools.is_builtin(cls) and len(positional) == 1 and not pattern.kwds:
            self._test(f"isinstance({subject}, {cls})")
            self.of(_pattern(positional[0]), subject)
            return
        names = "".join(f"{element.key.value!r}, " for element in pattern.kwds).replace("'", '"').strip()
        names = names.rstrip(",") if len(pattern.kwds) > 1 else names
        found = self._temporary("_values")
        helper = self._tools.helper("_match_class")
        self.plan.steps.append(Let(found, f"{helper}({subject}, {cls}, {len(positional)}, ({names}))"))
        self._test(f"{found} is not None")
        for index, value in enumerate([*positional, *(element.pattern for element in pattern.kwds)]):
            self.of(_pattern(value), f"{found}[{index}]")


def _pattern(node: cst.CSTNode) -> cst.MatchPattern:
    assert isinstance(node, cst.MatchPattern)
    return node


def _literal(node: cst.BaseExpression) -> bool:
    return isinstance(node, (cst.SimpleString, cst.Integer, cst.UnaryOperation))


def _rest(subject: str, before: int, after: int) -> str:
    if not before and not after:
        return f"list({subject})"
    end = f"len({subject}) - {after}" if after else ""
    return f"list({subject})[{before or ''}:{end}]"
