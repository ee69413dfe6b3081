"""The compiled index to a Rulebook: works-sets for the runtimes in force."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from compatcheck.model.rules import Anchor, LiteralForm, LiteralRule, Rulebook, RuleText, SyntaxRule, Variant
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet
from compatcheck.model.stdlib import Stdlib
from compatcheck.rulebook.index import Index, read_part
from compatcheck.rulebook.lines import Lines
from compatcheck.rulebook.locate import rules_folder
from compatcheck.rulebook.overlay import Overlay, is_platform
from compatcheck.rulebook.works import cpythons, works_of

Data = dict[str, Any]


def load_rulebook(folder: Path | None = None, specs: Iterable[str] = ()) -> Rulebook:
    """The rules of `folder` (default: those that compatcheck ships), with the platforms that the SPECs name."""
    place = folder or rules_folder()
    syntax, outlook, facts = (read_part(place, part) for part in ("syntax", "outlook", "facts"))
    overlay = _overlay(place, [spec for spec in specs if is_platform(spec)])
    runtimes = Runtimes(
        (*cpythons(syntax.data["runtimes"]).all, *overlay.runtimes), overlay.platforms, partial(_profile_names, place)
    )
    return Rulebook(
        f"{syntax.digest}{facts.digest}{overlay.digest}",
        runtimes,
        tuple(_syntax_rule(rule, runtimes, overlay) for rule in syntax.data["syntax"]),
        {name: RuleText(**text) for name, text in syntax.data["texts"].items()},
        _stdlib(outlook, facts, runtimes, overlay),
        tuple(_literal_rule(rule, runtimes) for rule in syntax.data["literals"]),
    )


def _overlay(folder: Path, specs: Sequence[str]) -> Overlay:
    if not specs:
        return Overlay()
    from compatcheck.rulebook.platforms import in_force

    return in_force(folder, specs)


def _profile_names(folder: Path) -> Collection[str]:
    from compatcheck.rulebook.profiles import profile_names

    return profile_names(folder)


def _stdlib(outlook: Index, facts: Index, runtimes: Runtimes, overlay: Overlay) -> Stdlib:
    looks, makers = outlook.data["heads"], outlook.data["makers"]
    if overlay.lacks:
        looks = overlay.laid_over(looks, makers)
    works = partial(works_of, runtimes=runtimes)
    names = frozenset(outlook.data["names"])
    return Stdlib(
        looks, names, makers, Lines(facts.text), works, runtimes.spoken, overlay.lacks, overlay.gives,
        outlook.data["counted"], outlook.data["abroad"], overlay.stars,
    )  # fmt: skip


def _literal_rule(rule: Data, runtimes: Runtimes) -> LiteralRule:
    reads = {symbol: tuple(where) for symbol, where in rule["reads"].items()}
    return LiteralRule(
        rule["failure"], rule["anchor"], reads, tuple(_form(form, runtimes) for form in rule["forms"]), rule["prepare"],
        rule["instead"],
    )  # fmt: skip


def _form(form: Data, runtimes: Runtimes) -> LiteralForm:
    works = works_of(form, runtimes)
    return LiteralForm(form["pattern"], works, form["says"], form.get("severity", "error"), form.get("of"))


def _syntax_rule(rule: Data, runtimes: Runtimes, overlay: Overlay) -> SyntaxRule:
    return SyntaxRule(
        id=rule["id"],
        title=rule["title"],
        check=rule["check"],
        anchors=tuple(Anchor(pattern, tuple(names)) for pattern, names in rule["anchors"]),
        variants={
            name: _variant(name, variant, runtimes, *overlay.syntax.get(f"{rule['id']}/{name}", _NOTHING))
            for name, variant in rule["variants"].items()
        },
        instead=rule["instead"],
        reference=rule["reference"],
    )


_NOTHING = (NO_RUNTIMES, NO_RUNTIMES)


def _variant(name: str, variant: Data, runtimes: Runtimes, takes: RuntimeSet, refuses: RuntimeSet) -> Variant:
    """`takes` and `refuses` are platforms that do so, whatever their Python does."""
    works = works_of(variant, runtimes)
    return Variant(
        name,
        (works | takes) - refuses,
        variant["message"],
        variant.get("severity", "error"),
        variant.get("confidence", "certain"),
        NO_RUNTIMES if works else takes,
    )
