"""Analyses as text: what workers answer and the cache keeps. A file without any news is the empty text."""

from __future__ import annotations

import json
from typing import Any

from compatcheck.model.problems import Analysis, CodeFact, Comment, Problem, Span
from compatcheck.model.runtimes import RuntimeSet

_NOTHING = Analysis()


def encode(analysis: Analysis) -> str:
    """The analysis as JSON text."""
    if analysis == _NOTHING:
        return ""
    problems = [_problem(problem) for problem in analysis.problems]
    comments = [[c.action, c.names, _span(c.span), c.text, c.lines] for c in analysis.comments]
    facts = [[fact.kind, fact.name, _span(fact.span), fact.reach.bits, fact.guarded] for fact in analysis.facts]
    return json.dumps([problems, comments, analysis.unreadable, analysis.wants, facts], separators=(",", ":"))


def decode(text: str) -> Analysis:
    """The analysis that `encode` wrote; raises ValueError, TypeError or IndexError for anything else."""
    if not text:
        return _NOTHING
    problems, comments, unreadable, wants, facts = json.loads(text)
    return Analysis(
        tuple(_to_problem(data) for data in problems),
        tuple(
            Comment(action, tuple(names), Span(*span), said, (first, last))
            for action, names, span, said, (first, last) in comments
        ),
        unreadable,
        tuple(wants),
        tuple(
            CodeFact(kind, name, Span(*span), RuntimeSet(bits), guarded) for kind, name, span, bits, guarded in facts
        ),
    )


def _problem(problem: Problem) -> list[Any]:
    return [
        problem.rule,
        problem.kind,
        problem.severity,
        problem.confidence,
        problem.message,
        _span(problem.span) if problem.span else None,
        problem.excerpt,
        problem.works.bits,
        problem.reach.bits,
        problem.symbol,
        problem.instead,
        problem.evidence,
        problem.micro,
        problem.line_hash,
    ]


def _to_problem(data: list[Any]) -> Problem:
    (
        rule,
        kind,
        severity,
        confidence,
        message,
        span,
        excerpt,
        works,
        reach,
        symbol,
        instead,
        evidence,
        micro,
        line_hash,
    ) = data
    return Problem(
        rule,
        kind,
        severity,
        confidence,
        message,
        Span(*span) if span else None,
        excerpt,
        RuntimeSet(works),
        RuntimeSet(reach),
        symbol,
        instead,
        tuple(evidence),
        tuple((name, first) for name, first in micro),
        line_hash=line_hash,
    )


def _span(span: Span) -> list[int | None]:
    return [span.line, span.column, span.end_line, span.end_column, span.cell]
