"""Troubles with declarations to problems, in the words of their rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from compatcheck.depends.text import Text, comments_of
from compatcheck.model.declared import Trouble
from compatcheck.model.problems import Analysed, Analysis, Problem
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet

_MOST = 2_000  # characters of what a hostile file may bring into one message


def analyses(
    troubles: Iterable[Trouble], texts: Mapping[str, Text], kind: str, rulebook: Rulebook, targets: RuntimeSet
) -> Iterator[Analysed]:
    """One analysis for every text, with what is wrong in it and its comments."""
    found: defaultdict[str, dict[Problem, None]] = defaultdict(dict)
    for trouble in troubles:
        found[trouble.place.path][problem_of(trouble, kind, rulebook, targets)] = None
    for path in {**dict.fromkeys(texts), **dict.fromkeys(found)}:
        text = texts.get(path)
        comments = comments_of(text) if text is not None else ()
        size = len(text.text.encode("utf-8", "surrogatepass")) if text is not None else 0
        yield Analysed(path, size, Analysis(tuple(found[path]), comments))


def problem_of(trouble: Trouble, kind: str, rulebook: Rulebook, targets: RuntimeSet) -> Problem:
    """Which runtimes it fails on is nobody's to say but the trouble's own: all targets, unless it names some."""
    text = rulebook.texts[trouble.rule]
    names = {name: " ".join(value.split())[:_MOST] for name, value in trouble.names}
    place = trouble.place
    return Problem(
        rule=trouble.rule,
        kind=kind,
        severity=trouble.severity or text.severity,
        confidence=trouble.confidence,
        message=text.message.format_map(names),
        span=place.span,
        excerpt=place.excerpt if place.span is not None else None,
        works=NO_RUNTIMES,
        reach=targets if trouble.fails is None else trouble.fails,
        symbol=names.get("symbol"),
        instead=text.instead.format_map(names) if text.instead else None,
        evidence=trouble.evidence,
    )
