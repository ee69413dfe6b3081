"""The outcome for people: a line for each version, what fails, and where report and interpreters disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from compatcheck.matrix.agreement import INSTALL, Disagreement, Results, agreed, disagreements
from compatcheck.matrix.interpreters import Interpreter
from compatcheck.model.report import FailedTest, Finding, Report, TestRun
from compatcheck.report.terminal import harmless

_MOST = 20
_WORDS = {
    "missed": "fails, and no finding says so: compatcheck misses it, or the failure has another cause",
    "false-alarm": "is reported, and does not fail: a false alarm of compatcheck",
}


def as_proof(report: Report, results: Sequence[Results], interpreters: Mapping[str, Interpreter]) -> str:
    """The whole text. `report` is joined with the results."""
    lines = [*_table(report, interpreters), *_failures(report), *_verdict(report, results)]
    return "".join(f"{harmless(line)}\n" for line in lines)


def _table(report: Report, interpreters: Mapping[str, Interpreter]) -> Iterator[str]:
    for version, interpreter in interpreters.items():
        steps = [_step(run) for run in report.tests if run.runtime == version]
        yield f"{version:<5} {'; '.join(steps)}  ({interpreter.exact}, {interpreter.path})"
    yield from (f"{one.path}: {one.reason}" for one in report.unreadable)


def _step(run: TestRun) -> str:
    if run.source == INSTALL:
        return "install failed"
    total = run.passed + run.failed
    skipped = f", {run.skipped} skipped" if run.skipped else ""
    return f"{run.source} {run.passed} of {total}{skipped}"


def _failures(report: Report) -> Iterator[str]:
    named = {one.fingerprint: one for one in report.findings}
    rows: dict[str, list[str]] = {}
    for run in report.tests:
        for one in run.failures:
            rows.setdefault(f"{run.source} {one.name}: {one.message}{_because(one, named)}", []).append(run.runtime)
    if rows:
        yield ""
        yield "Fails:"
    for text, runtimes in list(rows.items())[:_MOST]:
        yield f"  on {', '.join(runtimes)}: {text}"
    if len(rows) > _MOST:
        yield f"  and {len(rows) - _MOST} more"


def _because(one: FailedTest, named: Mapping[str, Finding]) -> str:
    findings = [named[name] for name in one.explained_by if name in named]
    places = dict.fromkeys(f"{each.path}:{each.line} [{each.rule}]" for each in findings)
    return f" — as found at {', '.join(places)}" if places else ""


def _verdict(report: Report, results: Sequence[Results]) -> Iterator[str]:
    fitting, all_of_them = agreed(report, results)
    failures = [one for run in report.tests for one in run.failures]
    explained = sum(bool(one.explained_by) for one in failures)
    yield ""
    yield f"Report and interpreters agree on {fitting} of {all_of_them} compilations; {explained} of {len(failures)} failures are explained by findings."
    found = disagreements(report, results)
    for what, words in _WORDS.items():
        its = [one for one in found if one.what == what]
        if its:
            yield f"Disagreement: {words}"
            yield from map(_row, its[:_MOST])
            if len(its) > _MOST:
                yield f"  and {len(its) - _MOST} more"


def _row(one: Disagreement) -> str:
    return f"  {one.source} {one.place} on {', '.join(one.runtimes)}: {one.message}"
