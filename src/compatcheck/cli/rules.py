"""`compatcheck rules`: what compatcheck knows."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from compatcheck.cli.exits import PASSED
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.model.runtimes import Runtimes
    from compatcheck.rulebook.catalog import RulePage


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "rules", "List the rules: id, kind, severity, where each form works, title.")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text or json (default: text)")


def run(args: argparse.Namespace) -> int:
    from compatcheck.rulebook import load_rulebook
    from compatcheck.rulebook.catalog import all_rules

    runtimes = load_rulebook().runtimes
    rules = all_rules(runtimes)
    out(_json(rules, runtimes) if args.format == "json" else _text(rules, runtimes))
    return PASSED


def _text(rules: list[RulePage], runtimes: Runtimes) -> str:
    rows = [(rule.id, rule.kind, rule.severity, works_in_short(rule, runtimes), rule.title) for rule in rules]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]]) for row in rows
    ]
    return "".join(f"{line}\n" for line in [*lines, "", f"{len(rules)} rules. `compatcheck explain ID` says more."])


def works_in_short(rule: RulePage, runtimes: Runtimes) -> str:
    """`>=3.8`, or how many forms there are when they differ."""
    told = {runtimes.specifier(variant.works) or "no Python 3" for variant in rule.variants}
    return f"{len(rule.variants)} forms" if len(told) > 1 else "".join(told)


def _json(rules: list[RulePage], runtimes: Runtimes) -> str:
    data = [
        {
            "id": rule.id,
            "kind": rule.kind,
            "severity": rule.severity,
            "title": rule.title,
            "reference": rule.reference,
            "instead": rule.instead,
            "variants": {
                variant.name: {
                    "works_on": runtimes.specifier(variant.works),
                    "severity": variant.severity,
                    "message": variant.message,
                }
                for variant in rule.variants
            },
        }
        for rule in rules
    ]
    return json.dumps(data, indent=2) + "\n"
