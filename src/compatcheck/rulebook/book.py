"""The compiled index to a Rulebook: works-sets for the runtimes in force."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from compatcheck.model.rules import Anchor, Rulebook, RuleText, SyntaxRule, Variant
from compatcheck.model.runtimes import Runtimes
from compatcheck.model.stdlib import Stdlib
from compatcheck.rulebook.index import read_part
from compatcheck.rulebook.locate import rules_folder
from compatcheck.rulebook.works import cpythons, works_of

Data = dict[str, Any]


def load_rulebook(folder: Path | None = None) -> Rulebook:
    """The rules of `folder` (default: those that compatcheck ships)."""
    place = folder or rules_folder()
    syntax, stdlib = read_part(place, "syntax"), read_part(place, "stdlib")
    runtimes = cpythons(syntax.data["runtimes"])
    return Rulebook(
        f"{syntax.digest}{stdlib.digest}",
        runtimes,
        tuple(_syntax_rule(rule, runtimes) for rule in syntax.data["syntax"]),
        {name: RuleText(**text) for name, text in syntax.data["texts"].items()},
        Stdlib(stdlib.data["words"], stdlib.data["facts"], stdlib.data["makers"], partial(works_of, runtimes=runtimes)),
    )


def _syntax_rule(rule: Data, runtimes: Runtimes) -> SyntaxRule:
    return SyntaxRule(
        id=rule["id"],
        title=rule["title"],
        check=rule["check"],
        anchors=tuple(Anchor(pattern, tuple(names)) for pattern, names in rule["anchors"]),
        variants={name: _variant(name, variant, runtimes) for name, variant in rule["variants"].items()},
        instead=rule["instead"],
        reference=rule["reference"],
    )


def _variant(name: str, variant: Data, runtimes: Runtimes) -> Variant:
    return Variant(
        name,
        works_of(variant, runtimes),
        variant["message"],
        variant.get("severity", "error"),
        variant.get("confidence", "certain"),
    )
