"""`compatcheck explain RULE`: all that the rule files say about it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from compatcheck.cli.exits import PASSED, UsageMistakes
from compatcheck.cli.nearest import hint
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.model.runtimes import Runtimes
    from compatcheck.rulebook.catalog import RulePage, VariantText

_WIDTH = 96


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "explain", "Say what rules mean, on which versions, and what to write instead.")
    parser.add_argument("rule", metavar="RULE", nargs="+", help="a rule id, as in the brackets behind a finding")


def run(args: argparse.Namespace) -> int:
    from compatcheck.rulebook import load_rulebook
    from compatcheck.rulebook.catalog import rule_ids, rule_text

    known = rule_ids()
    if unknown := [name for name in args.rule if name not in known]:
        told = "`compatcheck rules` lists them"
        raise UsageMistakes(f"there is no rule {name!r}{hint(name, known, told)}" for name in unknown)
    runtimes = load_rulebook().runtimes
    out("\n".join(explanation(rule_text(name, runtimes), runtimes) for name in args.rule))
    return PASSED


def explanation(rule: RulePage, runtimes: Runtimes) -> str:
    """The rule as a page of plain text."""
    return "".join(f"{line}\n" for line in _lines(rule, runtimes))


def _lines(rule: RulePage, runtimes: Runtimes) -> Iterator[str]:
    yield f"{rule.id}: {rule.title}"
    yield f"{rule.kind}, {rule.severity}" + (f", {rule.reference}" if rule.reference else "")
    if rule.variants:
        yield from ("", "Works on:")
        yield from _variants(rule.variants, runtimes)
    if rule.reason:
        yield from ("", "Why:", *_paragraph(rule.reason))
    if rule.instead:
        yield from ("", "Instead:", *_paragraph(rule.instead))
    for name, examples in rule.examples.items():
        if examples:
            yield from ("", _heading(name, rule))
            yield from (f"    {line}" for example in examples for line in example.rstrip("\n").split("\n"))


def _variants(variants: tuple[VariantText, ...], runtimes: Runtimes) -> Iterator[str]:
    width = max(len(variant.name) for variant in variants)
    for variant in variants:
        works = runtimes.phrase(variant.works & runtimes.cpython3) or "no Python 3"
        level = "" if variant.severity == "error" else f" ({variant.severity})"
        yield f"  {variant.name:<{width}}  {works}: {variant.message}{level}"


def _heading(name: str, rule: RulePage) -> str:
    if name == "works":
        return "No finding:"
    return "Examples:" if name == "wrong" or len(rule.variants) < 2 else f"Examples of {name}:"


def _paragraph(text: str) -> list[str]:
    from textwrap import wrap

    return [f"  {line}" for line in wrap(" ".join(text.split()), _WIDTH)]
