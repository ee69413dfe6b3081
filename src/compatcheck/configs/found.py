"""What checks of configurations find, before it becomes problems: the rule, the place, the words for its message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from compatcheck.model.problems import Problem, Span
from compatcheck.model.rules import RuleText, Severity
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet


@dataclass(frozen=True, slots=True)
class Found:
    """`words` fill the rule's message; `excerpt` is the source line, credentials masked. `severity` and `instead`, where
    given, come before the rule's own.
    """

    rule: str
    span: Span | None
    words: Mapping[str, str] = field(default_factory=dict)
    excerpt: str | None = None
    symbol: str | None = None
    severity: Severity | None = None
    instead: str | None = None
    evidence: tuple[str, ...] = ()
    kind: str = "config"


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rule files say, and the runtimes that findings concern: all of the run's, since none decides them."""

    texts: Mapping[str, RuleText]
    targets: RuntimeSet

    def problems(self, found: Iterable[Found]) -> tuple[Problem, ...]:
        """Each once, by place."""
        distinct = {(each.rule, each.span, each.symbol, *sorted(each.words.items())): each for each in found}
        return tuple(map(self._problem, sorted(distinct.values(), key=_place)))

    def _problem(self, found: Found) -> Problem:
        text = self.texts[found.rule]
        return Problem(
            rule=found.rule,
            kind=found.kind,
            severity=found.severity or text.severity,
            confidence="certain",
            message=text.message.format_map({"environment": "", **found.words}),
            span=found.span,
            excerpt=found.excerpt,
            works=NO_RUNTIMES,
            reach=self.targets,
            symbol=found.symbol,
            instead=found.instead or text.instead,
            evidence=found.evidence,
        )


def _place(found: Found) -> tuple[int, int, str]:
    return (found.span.line, found.span.column, found.rule) if found.span else (0, 0, found.rule)
