"""Which findings explain which failing tests: what fails on a version only, and where its traceback leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from compatcheck.model.report import FailedTest, Finding, Report, TestRun
from compatcheck.report.junit_results import Case

_MOST = 5
# `File "src/a.py", line 3`, `src/a.py:3: SyntaxError`
_PLACE = re.compile(r"([^\s\"'<>|:*?]+\.pyw?)(?:\"?, line |:)(\d+)")
# What an old or new Python says of a name or construct that it does not have.
_ABSENCE = re.compile(r"\b(?:Syntax|Indentation|ModuleNotFound|Import|Attribute|Type|Name|Value)Error\b")


def test_runs(report: Report, results: Sequence[tuple[str, str, Sequence[Case]]]) -> tuple[TestRun, ...]:
    """The results, each (runtime, source, cases), joined with the report's findings."""
    passed = {
        (runtime, case.name) for runtime, _, cases in results for case in cases if not (case.failed or case.skipped)
    }
    runs = []
    for runtime, source, cases in results:
        elsewhere = {name for other, name in passed if other != runtime}
        findings = [one for one in report.findings if runtime in one.fails_on and one.severity != "info"]
        failures = [_failed(case, case.name in elsewhere, findings, report) for case in cases if case.failed]
        skipped = sum(case.skipped and not case.failed for case in cases)
        runs.append(
            TestRun(runtime, source, len(cases) - len(failures) - skipped, len(failures), skipped, tuple(failures))
        )
    return tuple(runs)


test_runs.__test__ = False  # type: ignore[attr-defined]  # for pytest: no test


def _failed(case: Case, only_here: bool, findings: Sequence[Finding], report: Report) -> FailedTest:
    paths = {file.path for file in report.files} | {one.path for one in report.findings}
    places = [(path, line) for name, line in _places(case.told) if (path := _known(name, paths))]
    path, line = places[-1] if places else (None, None)
    return FailedTest(case.name, case.message, path, line, only_here, _explaining(case, places, findings))


def _places(text: str) -> Iterable[tuple[str, int]]:
    return ((match[1].replace("\\", "/"), int(match[2])) for match in _PLACE.finditer(text))


def _known(name: str, paths: Iterable[str]) -> str | None:
    """The report's path that a traceback means: its own begin elsewhere on the machine that ran the tests."""
    fitting = [path for path in paths if name == path or name.endswith(f"/{path}") or path.endswith(f"/{name}")]
    return max(fitting, key=len, default=None)


def _explaining(case: Case, places: Sequence[tuple[str, int]], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Fingerprints of the findings that fit best: at a place of the traceback, or about a name that the error names."""
    scores: Mapping[str, int] = {one.fingerprint: _score(one, case, places) for one in findings}
    best = max(scores.values(), default=0)
    return tuple(name for name, score in scores.items() if score == best > 0)[:_MOST]


def _score(one: Finding, case: Case, places: Sequence[tuple[str, int]]) -> int:
    lines = [line for path, line in places if path == one.path]
    at_place = one.line is not None and any(one.line <= line <= (one.end_line or one.line) for line in lines)
    absent = bool(_ABSENCE.search(case.told))
    name = (one.symbol or "").rstrip("[]()").rpartition(".")[2]
    named = bool(name) and absent and re.search(rf"\b{re.escape(name)}\b", case.told) is not None
    breaks_file = one.kind == "syntax" and bool(lines) and "SyntaxError" in case.told
    return 4 * at_place + 2 * named + (1 if breaks_file else 0)
