"""The rules as people read them: what lists, explanations and comments may name. Reads rule files, not the index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from compatcheck.model.runtimes import Runtimes, RuntimeSet
from compatcheck.rulebook.compiling import Data, read_yaml
from compatcheck.rulebook.index import TEXTS
from compatcheck.rulebook.locate import rules_folder
from compatcheck.rulebook.works import works_of

# One rule a file, its id the file's name; rules/stdlib holds facts, which share a few rules.
FOLDERS = ("syntax", *TEXTS)


@dataclass(frozen=True, slots=True)
class VariantText:
    """Where one form of a construct works, and what is said elsewhere."""

    name: str
    works: RuntimeSet
    message: str
    severity: str


@dataclass(frozen=True, slots=True)
class RulePage:
    """All that a rule file tells people. `examples` by variant; `works` and `wrong` are no variants."""

    id: str
    kind: str
    title: str
    severity: str
    variants: tuple[VariantText, ...] = ()
    message: str | None = None
    reason: str | None = None
    instead: str | None = None
    reference: str | None = None
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def rule_ids(folder: Path | None = None) -> frozenset[str]:
    """The ids of all rules, from the names of their files."""
    return frozenset(path.stem for path in _paths(folder or rules_folder()))


def rule_text(name: str, runtimes: Runtimes, folder: Path | None = None) -> RulePage:
    """One rule; raises KeyError when there is none of that id."""
    for path in _paths(folder or rules_folder()):
        if path.stem == name:
            return _read(path, runtimes)
    raise KeyError(name)


def all_rules(runtimes: Runtimes, folder: Path | None = None) -> list[RulePage]:
    """Every rule, by kind and id."""
    rules = [_read(path, runtimes) for path in _paths(folder or rules_folder())]
    return sorted(rules, key=lambda rule: (rule.kind, rule.id))


def _paths(folder: Path) -> Iterator[Path]:
    return (path for name in FOLDERS for path in sorted((folder / name).glob("*.yaml")))


def _read(path: Path, runtimes: Runtimes) -> RulePage:
    data = read_yaml(path)
    variants = tuple(_variant(name, variant, runtimes) for name, variant in data.get("variants", {}).items())
    severities = {variant.severity for variant in variants} or {data.get("severity", "error")}
    return RulePage(
        id=data["id"],
        kind=data.get("kind", path.parent.name),
        title=data["title"],
        severity=next(severity for severity in ("error", "warning", "info") if severity in severities),
        variants=variants,
        message=data.get("message"),
        reason=data.get("reason"),
        instead=data.get("instead"),
        reference=data.get("reference"),
        examples={name: tuple(examples) for name, examples in data.get("examples", {}).items()},
    )


def _variant(name: str, data: Data, runtimes: Runtimes) -> VariantText:
    return VariantText(name, works_of(data, runtimes), data["message"], data.get("severity", "error"))
