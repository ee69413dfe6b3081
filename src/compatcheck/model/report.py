"""The report: all that any format shows, as DESIGN 6 and rules/schemas/report.schema.json lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from compatcheck.model.rules import Confidence, Severity
from compatcheck.model.source import Unreadable

SCHEMA_VERSION = "1"
How = Literal["comment", "baseline", "unchanged"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Lines and columns from 1 in code points, ends exclusive, None where there is no place.

    `works_on` and `reach` are version specifiers over CPython, or None; `fails_on` names runtimes of the targets.
    """

    rule: str
    kind: str
    severity: Severity
    confidence: Confidence
    message: str
    path: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    cell: int | None = None
    excerpt: str | None = None
    symbol: str | None = None
    works_on: str | None = None
    reach: str | None = None
    fails_on: tuple[str, ...] = ()
    instead: str | None = None
    evidence: tuple[str, ...] = ()
    fingerprint: str = ""
    line_hash: str | None = None  # what GitHub calls primaryLocationLineHash; None where there is no source line


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that a comment or the baseline silences, or that a change did not bring; `by` says which."""

    finding: Finding
    by: str
    how: How = "comment"


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What a rule that fired is about; `reference` is a PEP or a page."""

    id: str
    kind: str
    title: str
    reason: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A test that failed on a runtime; `explained_by` are fingerprints of findings, `only_here`: it passed elsewhere."""

    name: str
    message: str
    path: str | None = None
    line: int | None = None
    only_here: bool = False
    explained_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TestRun:
    """The outcome of a project's tests on one runtime."""

    __test__ = False  # for pytest: no test class

    runtime: str
    source: str
    passed: int
    failed: int
    skipped: int
    failures: tuple[FailedTest, ...] = ()


@dataclass(frozen=True, slots=True)
class FileResult:
    """One checked file; `errors` counts per target runtime, `minimum`/`maximum` only with all versions."""

    path: str
    bytes: int
    errors: Mapping[str, int]
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True)
class RuntimeSummary:
    """What the targets' runtimes (with all versions: every runtime) met."""

    errors: int
    warnings: int

    @property
    def compatible(self) -> bool:
        return not self.errors


@dataclass(frozen=True, slots=True)
class Summary:
    files: int
    bytes: int
    findings: int
    by_severity: Mapping[str, int]
    by_rule: Mapping[str, int]
    by_runtime: Mapping[str, RuntimeSummary]
    compatible: bool
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """How the report came about. `started_at` is ISO 8601 in UTC, `duration_s` seconds of wall time.

    `baseline` is the file of known findings, `diff_base` the revision that the code was compared with.
    """

    started_at: str
    duration_s: float
    python: str
    root: str
    targets: tuple[str, ...]
    all_versions: bool
    paths: tuple[str, ...]
    checks: tuple[str, ...]
    baseline: str | None = None
    diff_base: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    tool: Mapping[str, str]
    run: Run
    summary: Summary
    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    files: tuple[FileResult, ...] = ()
    dependencies: tuple[Mapping[str, object], ...] = ()
    declarations: tuple[Mapping[str, object], ...] = ()
    rules: tuple[RuleNote, ...] = ()
    tests: tuple[TestRun, ...] = ()
    schema_version: str = SCHEMA_VERSION
