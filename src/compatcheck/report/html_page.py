"""What the HTML page shows, worked out from the report; the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compatcheck.model.report import Finding, Report, RuleNote, Suppressed, TestRun
from compatcheck.model.rules import SEVERITIES
from compatcheck.report.advice import Advice, advice_on
from compatcheck.report.excerpt import Excerpt, excerpt_of
from compatcheck.report.headline import Headline, headline
from compatcheck.report.heat import Row, heat_of
from compatcheck.report.ranking import most_important_first
from compatcheck.report.steps import Step, steps
from compatcheck.report.versions import in_order, phrase
from compatcheck.report.wording import link, place, verdict

_WIDTH = 160
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding, ready to be shown."""

    path: str
    place: str
    severity: str
    message: str
    verdict: str
    versions: str
    doubt: str
    line: int | None
    excerpt: Excerpt | None
    instead: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """All findings of a rule; `worst` is the number of its severity, the most severe first."""

    rule: str
    title: str
    kind: str
    severity: str
    worst: int
    reason: str
    link: str | None
    reference: str
    instead: str
    versions: str
    found: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A target's errors in the chart; lengths in its units."""

    name: str
    errors: int
    warnings: int
    x: int
    height: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What several findings that block a version have in common; the first of them for an example."""

    message: str
    count: int
    files: int
    first: Shown


@dataclass(frozen=True, slots=True)
class Blocked:
    """The next version on one side of the range, and why the code does not run there. `more` causes are left out."""

    version: str
    count: int
    files: int
    causes: tuple[Cause, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template reads."""

    report: Report
    title: str
    headline: Headline
    counts: Mapping[str, int]
    concerned: int
    bars: tuple[Bar, ...]
    height: int
    versions: tuple[str, ...]
    heat: tuple[Row, ...]
    clean: int
    blocked: tuple[Blocked, ...]
    advice: tuple[Advice, ...]
    groups: tuple[Group, ...]
    kinds: tuple[str, ...]
    silenced: tuple[tuple[Shown, str, str], ...]
    dependencies: tuple[Data, ...]
    tests: tuple[TestRun, ...]
    explained: Mapping[str, str]


_BAR_STEP, _BAR_HEIGHT, _SMALL, _LISTED = 56, 170, 36, 12


def page_of(report: Report) -> Page:
    """The page of a report."""
    failing = steps(report)
    nearest = [next((step for step in failing if step.side == side), None) for side in ("lower", "higher")]
    nearest = nearest if any(nearest) else failing[:1]  # type: ignore[assignment]
    groups = _groups(report)
    return Page(
        report=report,
        title=report.run.root.rstrip("/").rpartition("/")[2] or "report",
        headline=headline(report),
        counts={severity: report.summary.by_severity.get(severity, 0) for severity in SEVERITIES},
        concerned=len({one.path for one in report.findings}),
        bars=tuple(_bars(report)),
        height=_BAR_HEIGHT if any(counts.errors for counts in report.summary.by_runtime.values()) else _SMALL,
        versions=tuple(report.summary.by_runtime),
        heat=tuple(heat_of(report)),
        clean=sum(not file.errors for file in report.files),
        blocked=tuple(_blocked(step) for step in nearest if step),
        advice=tuple(advice_on(report)),
        groups=groups,
        kinds=tuple(sorted({group.kind for group in groups})),
        silenced=tuple(_silenced(one) for one in report.suppressed),
        dependencies=report.dependencies,
        tests=report.tests,
        explained={one.fingerprint: f"{one.path}:{place(one)} {one.rule}" for one in report.findings},
    )


def _bars(report: Report) -> Iterable[Bar]:
    most = max((counts.errors for counts in report.summary.by_runtime.values()), default=0) or 1
    for number, (name, counts) in enumerate(report.summary.by_runtime.items()):
        height = round(_BAR_HEIGHT * counts.errors / most) if counts.errors else 0
        yield Bar(name, counts.errors, counts.warnings, number * _BAR_STEP, max(height, 3 if counts.errors else 0))


def _blocked(step: Step) -> Blocked:
    by_message: dict[str, list[Finding]] = {}
    for one in most_important_first(step.findings):
        by_message.setdefault(one.message, []).append(one)
    causes = [
        Cause(message, len(some), len({one.path for one in some}), _shown(some[0]))
        for message, some in sorted(by_message.items(), key=lambda pair: -len(pair[1]))
    ]
    return Blocked(step.version, len(step.findings), step.files, tuple(causes[:_LISTED]), len(causes[_LISTED:]))


def _silenced(one: Suppressed) -> tuple[Shown, str, str]:
    return _shown(one.finding), one.how, one.by


def _groups(report: Report) -> tuple[Group, ...]:
    notes = {note.id: note for note in report.rules}
    by_rule: dict[str, list[Finding]] = {}
    for one in report.findings:
        by_rule.setdefault(one.rule, []).append(one)
    groups = [_group(name, found, notes.get(name)) for name, found in by_rule.items()]
    return tuple(sorted(groups, key=lambda group: (group.worst, -len(group.found), group.rule)))


def _group(name: str, found: Sequence[Finding], note: RuleNote | None) -> Group:
    worst = min(SEVERITIES.index(one.severity) for one in found)
    shared = found[0].instead if len({one.instead for one in found}) == 1 else None
    fails = in_order(version for one in found for version in one.fails_on)
    return Group(
        rule=name,
        title=note.title if note else name.replace("-", " ").capitalize(),
        kind=found[0].kind,
        severity=SEVERITIES[worst],
        worst=worst,
        reason=(note and note.reason) or "",
        link=link(note.reference) if note else None,
        reference=(note and note.reference) or "",
        instead=shared or "",
        versions=phrase(fails) if any(verdict(one) for one in found) else "",
        found=tuple(_shown(one, shared) for one in found),
    )


def _shown(one: Finding, shared: str | None = None) -> Shown:
    excerpt = None
    if one.excerpt and one.line is not None:
        one_line = one.end_line in (None, one.line)
        excerpt = excerpt_of(one.excerpt, one.column or 1, one.end_column if one_line else None, _WIDTH)
    return Shown(
        path=one.path,
        place=place(one),
        severity=one.severity,
        message=one.message,
        verdict=verdict(one),
        versions=" ".join(one.fails_on),
        doubt="" if one.confidence == "certain" else one.confidence,
        line=one.line,
        excerpt=excerpt,
        instead="" if one.instead in (None, shared) else one.instead or "",
        evidence=one.evidence,
    )
