"""compatcheck as one more judge: which versions refuse a source, and by which rule, asked through the same workers."""

from __future__ import annotations

import functools
import json
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools.judge import worker
from tools.judge.process import Worker

if TYPE_CHECKING:  # what breaks compatcheck must not break its judge: imported late, in the worker
    from compatcheck.analyze import Analyzer
    from compatcheck.model.rules import Rulebook

TARGET = "3.6-3.15"
DIED = "compatcheck crashed, or took longer than the limit"


@dataclass(frozen=True, slots=True)
class Claim:
    """What compatcheck says fails on a version."""

    rule: str
    line: int | None
    message: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What fails where, or why compatcheck could not say (`unreadable`), or how it broke (`failure`)."""

    claims: Mapping[str, Claim] = field(default_factory=dict)
    unreadable: str | None = None
    failure: str | None = None


def opinion_worker() -> Worker:
    return Worker([sys.executable, "-m", "tools.judge.opinion"])


def from_answer(text: str | None) -> Opinion:
    if text is None:
        return Opinion(failure=DIED)
    answer: dict[str, Any] = json.loads(text)
    claims = {version: Claim(*claim) for version, claim in answer.pop("claims", {}).items()}
    return Opinion(claims, **answer)


def opinion(data: bytes) -> dict[str, object]:
    """compatcheck's own word on every version, suppressions left aside."""
    try:
        from compatcheck.model.source import Source

        rulebook, analyzer = _engine()
        analysis = analyzer(Source("judged.py", data))
    except Exception:  # whatever it is, it is what this tool looks for
        return {"failure": traceback.format_exc(limit=-3)}
    if analysis.unreadable:
        return {"unreadable": analysis.unreadable}
    claims: dict[str, tuple[str, int | None, str]] = {}
    for problem in analysis.problems:
        if problem.kind == "syntax" and problem.severity == "error":
            for version in rulebook.runtimes.names(problem.fails):
                claims.setdefault(version, (problem.rule, problem.span.line if problem.span else None, problem.message))
    return {"claims": claims}


@functools.cache
def _engine() -> tuple[Rulebook, Analyzer]:
    """One for all sources: the API's `check_source` makes its own for each call."""
    from compatcheck.analyze import Analyzer
    from compatcheck.rulebook import load_rulebook

    rulebook = load_rulebook()
    return rulebook, Analyzer(rulebook, rulebook.runtimes.parse(TARGET).runtimes)


if __name__ == "__main__":
    worker.serve(lambda data: json.dumps(opinion(data)))
