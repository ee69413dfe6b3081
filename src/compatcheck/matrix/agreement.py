"""What the interpreters did, held against what the report says: where they agree, and where one of them is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from compatcheck.model.report import FailedTest, Finding, Report, TestRun
from compatcheck.report.junit_results import Case

COMPILE = "compile"
IMPORT = "import"
INSTALL = "install"


@dataclass(frozen=True, slots=True)
class Results:
    """The outcome of one step on one runtime. `source` is COMPILE, IMPORT, INSTALL, or the command that was run."""

    runtime: str
    source: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`missed`: it fails there, and no finding says so. `false-alarm`: a finding says so, and it does not fail."""

    what: Literal["missed", "false-alarm"]
    runtimes: tuple[str, ...]
    source: str
    place: str
    message: str


def disagreements(report: Report, results: Sequence[Results]) -> list[Disagreement]:
    """All of them, those of several runtimes as one. `report.tests` are the results, joined with its findings."""
    united: dict[tuple[str, str, str, str], list[str]] = {}
    for what, runtime, source, place, message in (*_missed(report), *_false_alarms(report, results)):
        united.setdefault((what, source, place, message), []).append(runtime)
    return [
        Disagreement("missed" if what == "missed" else "false-alarm", tuple(runtimes), source, place, message)
        for (what, source, place, message), runtimes in united.items()
    ]


_Found = tuple[str, str, str, str, str]


def _missed(report: Report) -> Iterator[_Found]:
    for run in report.tests:
        for failure in run.failures:
            if run.source == COMPILE:
                surprising = not failure.explained_by and not _silenced(report, run, failure)
            else:
                # What fails on every version is no matter of versions.
                surprising = failure.only_here and not failure.explained_by
            if surprising and run.source != INSTALL:
                yield "missed", run.runtime, run.source, failure.name, failure.message


def _silenced(report: Report, run: TestRun, failure: FailedTest) -> bool:
    """Whether the user knows: a comment or the baseline silences it."""
    known = (one.finding for one in report.suppressed)
    return any(one.path == failure.name and run.runtime in one.fails_on for one in known)


def _false_alarms(report: Report, results: Sequence[Results]) -> Iterator[_Found]:
    """Only syntax is decided by compiling: a name may be missing where nothing has looked for it yet."""
    compiled = {
        (each.runtime, case.name)
        for each in results
        if each.source == COMPILE
        for case in each.cases
        if not (case.failed or case.skipped)
    }
    for one in report.findings:
        if one.kind == "syntax" and one.severity == "error" and one.cell is None:
            for runtime in one.fails_on:
                if (runtime, one.path) in compiled:
                    yield "false-alarm", runtime, COMPILE, _place(one), f"{one.message} [{one.rule}]"


def _place(one: Finding) -> str:
    return one.path if one.line is None else f"{one.path}:{one.line}"


def agreed(report: Report, results: Sequence[Results]) -> tuple[int, int]:
    """Of how many compilations the report gave the outcome, and how many there were."""
    decided = [
        (each.runtime, case)
        for each in results
        if each.source == COMPILE
        for case in each.cases
        if case.failed or not case.skipped
    ]
    wrong = sum(
        len(one.runtimes) for one in disagreements(report, results) if one.what == "missed" and one.source == COMPILE
    )
    alarmed = {(runtime, place) for _, runtime, _, place, _ in _false_alarms(report, results)}
    files = {(runtime, place.rpartition(":")[0] or place) for runtime, place in alarmed}
    return len(decided) - wrong - len(files), len(decided)
