"""Takes the screen's places to the rules' checks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from compatcheck.analyze.syntax.place import Check, Place
from compatcheck.analyze.tree import Tree
from compatcheck.model.problems import Problem
from compatcheck.model.rules import SyntaxRule

if TYPE_CHECKING:
    from compatcheck.analyze.problems import ProblemMaker


@cache
def check_named(name: str) -> Check:
    """The check that a rule file names: `module.function` of this package."""
    module, function = name.rsplit(".", 1)
    return cast(Check, getattr(import_module(f"compatcheck.analyze.syntax.{module}"), function))


def run_rules(places: Iterable[tuple[int, SyntaxRule]], tree: Tree, make: ProblemMaker) -> list[Problem]:
    """The problems at the places, in the order of the text, each construct once a rule."""
    seen: set[tuple[str, str, int, int]] = set()
    problems: list[Problem] = []
    place: Place | None = None
    for offset, rule in places:
        if place is None or place.offset != offset:
            place = Place(offset, tree)
        for hit in check_named(rule.check)(place):
            key = (rule.id, hit.variant, hit.start, hit.end)
            if key in seen:
                continue
            seen.add(key)
            if problem := make.from_hit(rule, hit):
                problems.append(problem)
    return problems
