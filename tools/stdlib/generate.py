"""All sources to rules/stdlib: read the cache, reconcile, write or compare."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.stdlib import (
    cache,
    calls,
    docs,
    entries,
    legacy,
    probed,
    reconcile,
    render,
    review,
    stub_claims,
    vermin_tables,
)
from tools.stdlib.answers import Answers
from tools.stdlib.facts import Facts

RULES = Path(__file__).parents[2] / "rules" / "stdlib"


@dataclass(frozen=True, slots=True)
class Generated:
    files: dict[str, str]
    entries: dict[str, dict[str, Any]]
    facts: Facts
    decided: reconcile.Decided
    unknown: list[str]  # symbols that only the reviewed files name


def gather(answers: Answers) -> Facts:
    """What all collected sources say, but for the calls, which ask what is still open."""
    if not answers.by_label:
        raise SystemExit(f"no sources in {cache.folder()}: run `python -m tools.stdlib collect` first")
    facts = Facts()
    probed.add(facts, answers, {*vermin_tables.names(), *stub_claims.names()})
    stub_claims.add(facts)
    probed.drop_fiction(facts, answers)
    docs.add(facts)
    vermin_tables.add(facts)
    return facts


def generate() -> Generated:
    answers = Answers()
    facts = gather(answers)
    calls.add(facts, answers)
    unknown = [*review.decide(facts), *review.advise(facts)]
    decided = reconcile.decide(facts)
    found = entries.entries(facts, decided)
    found |= dict(legacy.entries(facts, answers))
    modules = {symbol for symbol, entry in found.items() if entry["kind"] == "module" and "." not in symbol}
    modules |= {symbol for symbol, fact in facts.items() if fact.kind == "module" and not fact.parent}
    return Generated(render.files(found, modules), found, facts, decided, unknown)


def write(files: dict[str, str], folder: Path = RULES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for stale in {path.name for path in folder.glob("*.yaml")} - set(files):
        (folder / stale).unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def differences(files: dict[str, str], folder: Path = RULES) -> list[str]:
    """Names of files that are not what would be generated."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.yaml")}
    return sorted(name for name in set(there) | set(files) if there.get(name) != files.get(name))
