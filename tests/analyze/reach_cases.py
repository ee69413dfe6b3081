"""What compatcheck says of snippets: the versions on which it reports errors."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from compatcheck.analyze import Analyzer
from compatcheck.model.problems import Problem
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reach"
RULEBOOK = load_rulebook()


@cache
def analyzer(target: str = "3.6-3.13") -> Analyzer:
    return Analyzer(RULEBOOK, RULEBOOK.runtimes.parse(target).runtimes)


def problems(code: str, target: str = "3.6-3.13") -> tuple[Problem, ...]:
    return analyzer(target)(Source("case.py", code.encode())).problems


def failing(code: str) -> tuple[str, ...]:
    """The versions for which there is an error."""
    bits = 0
    for problem in problems(code):
        bits |= problem.fails.bits if problem.severity == "error" else 0
    return RULEBOOK.runtimes.names(RuntimeSet(bits))
