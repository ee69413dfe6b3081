"""What the rulebook knows, as the stages read it. Works-sets are already worked out for the runtimes in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet
from compatcheck.model.stdlib import Stdlib

Severity = Literal["error", "warning", "info"]
Confidence = Literal["certain", "likely", "possible"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
CONFIDENCES: tuple[Confidence, ...] = ("certain", "likely", "possible")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A byte pattern of the places where a rule starts to look; `variants` are those it can lead to.

    `word` anchors (a plain literal) are found with `bytes.find`, others with `re`.
    """

    pattern: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One boundary of a construct: the runtimes on which it works, and what to say about the others. `tolerated` are
    platforms that take it though no CPython does.
    """

    name: str
    works: RuntimeSet
    message: str
    severity: Severity = "error"
    confidence: Confidence = "certain"
    tolerated: RuntimeSet = NO_RUNTIMES

    @property
    def clean(self) -> RuntimeSet:
        """Where there is nothing to say."""
        return self.works - self.tolerated


@dataclass(frozen=True, slots=True)
class SyntaxRule:
    """A file of rules/syntax. `check` is `module.function` in compatcheck.analyze.syntax."""

    id: str
    title: str
    check: str
    anchors: tuple[Anchor, ...]
    variants: Mapping[str, Variant]
    instead: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class RuleText:
    """What a rule without variants says; `message` and `instead` may hold `{…}`."""

    message: str
    instead: str | None = None
    title: str = ""
    reason: str | None = None
    reference: str | None = None
    severity: Severity = "error"
    kind: str = ""


@dataclass(frozen=True, slots=True)
class LiteralForm:
    """One form of a text, by a pattern; `of` is the class that a formatted value must be of."""

    pattern: str
    works: RuntimeSet
    says: str
    severity: Severity = "error"
    of: str | None = None


@dataclass(frozen=True, slots=True)
class LiteralRule:
    """A file of rules/literals. `reads` gives the position and the name of the argument by function."""

    failure: str
    anchor: str
    reads: Mapping[str, tuple[Any, ...]]
    forms: tuple[LiteralForm, ...]
    prepare: str | None = None
    instead: str | None = None


@dataclass(frozen=True)
class Rulebook:
    """Everything that rules/ says, ready for use. `digest` changes when any of it does."""

    digest: str
    runtimes: Runtimes
    syntax: tuple[SyntaxRule, ...]
    texts: Mapping[str, RuleText]
    stdlib: Stdlib
    literals: tuple[LiteralRule, ...] = ()
