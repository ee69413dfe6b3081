"""The report as JSON (DESIGN 6, rules/schemas/report.schema.json), and back without a rescan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from types import NoneType
from typing import Any

from compatcheck.model.report import (
    SCHEMA_VERSION,
    FailedTest,
    FileResult,
    Finding,
    Report,
    RuleNote,
    Run,
    RuntimeSummary,
    Summary,
    Suppressed,
    TestRun,
)
from compatcheck.model.rules import CONFIDENCES, SEVERITIES
from compatcheck.model.source import Unreadable
from compatcheck.report.view import View

Data = dict[str, Any]
_FIELDS = {
    kind: tuple(field.name for field in fields(kind))
    for kind in (Run, Summary, Finding, FileResult, Unreadable, RuleNote, TestRun, FailedTest)
}


class NotAReport(ValueError):
    """The text is no JSON report of this schema version; the message says why."""


def as_json(report: Report, _view: View | None = None, /) -> str:
    """A line for each finding and file. ASCII only, so that it survives every console and encoding on its way."""
    parts = [f"  {json.dumps(name)}: {_laid_out(part)}" for name, part in to_data(report).items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _laid_out(part: Any) -> str:
    if not isinstance(part, list) or not part:
        return json.dumps(part)
    return "[\n" + ",\n".join(f"    {json.dumps(item)}" for item in part) + "\n  ]"


def to_data(report: Report) -> Data:
    """The report as plain data, in the order in which DESIGN 6 lists it."""
    return {
        "schema_version": report.schema_version,
        "tool": dict(report.tool),
        "run": _flat(report.run),
        "summary": _summary(report.summary),
        "findings": [_flat(finding) for finding in report.findings],
        "unreadable": [_flat(unreadable) for unreadable in report.unreadable],
        "suppressed": [{**_flat(one.finding), "by": one.by, "how": one.how} for one in report.suppressed],
        "files": [_flat(file) for file in report.files],
        "dependencies": [dict(dependency) for dependency in report.dependencies],
        "declarations": [dict(declaration) for declaration in report.declarations],
        "rules": [_flat(rule) for rule in report.rules],
        "tests": [{**_flat(tests), "failures": [_flat(one) for one in tests.failures]} for tests in report.tests],
    }


def finding_data(one: Finding) -> Data:
    """A finding as it stands in the report."""
    return _flat(one)


def from_json(text: str | bytes) -> Report:
    """The report that `as_json` wrote. Raises NotAReport."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise NotAReport(f"not JSON: {error}") from error
    if not isinstance(data, dict) or "schema_version" not in data:
        raise NotAReport("not a compatcheck report: it has no schema_version")
    if data["schema_version"] != SCHEMA_VERSION:
        raise NotAReport(f"schema_version is {data['schema_version']!r}; this compatcheck reads {SCHEMA_VERSION!r}")
    try:
        return from_data(data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise NotAReport(f"not a whole report: {error!r} is missing or of another type") from error


def from_data(data: Data) -> Report:
    """What `to_data` made; raises KeyError or TypeError for anything else."""
    return Report(
        schema_version=data["schema_version"],
        tool=data["tool"],
        run=_run(data["run"]),
        summary=_summary_from(data["summary"]),
        findings=tuple(map(_finding, data["findings"])),
        unreadable=tuple(_made(Unreadable, unreadable) for unreadable in data["unreadable"]),
        suppressed=tuple(Suppressed(_finding(one), one["by"], one.get("how", "comment")) for one in data["suppressed"]),
        files=tuple(_made(FileResult, file) for file in data["files"]),
        dependencies=tuple(data["dependencies"]),
        declarations=tuple(data["declarations"]),
        rules=tuple(_made(RuleNote, rule) for rule in data.get("rules", ())),
        tests=tuple(_tests_from(tests) for tests in data.get("tests", ())),
    )


def _flat(value: Any) -> Data:
    """A dataclass without nested ones; tuples become lists."""
    return {name: _plain(getattr(value, name)) for name in _FIELDS[type(value)]}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def _summary(summary: Summary) -> Data:
    runtimes = {
        name: {"errors": counts.errors, "warnings": counts.warnings, "compatible": counts.compatible}
        for name, counts in summary.by_runtime.items()
    }
    return {**_flat(summary), "by_runtime": runtimes}


def _summary_from(data: Data) -> Summary:
    runtimes = {
        name: RuntimeSummary(int(counts["errors"]), int(counts["warnings"]))
        for name, counts in data["by_runtime"].items()
    }
    severities = {name: int(count) for name, count in data["by_severity"].items()}
    numbers = {name: int(data[name]) for name in ("files", "bytes", "findings")}
    summary: Summary = _made(Summary, {**data, **numbers, "by_severity": severities, "by_runtime": runtimes})
    return summary


def _run(data: Data) -> Run:
    datetime.fromisoformat(data["started_at"])
    run: Run = _made(Run, {**data, "duration_s": float(data["duration_s"]), "root": str(data["root"])})
    return run


def _finding(data: Data) -> Finding:
    """What formats look up in tables, compare or sort is of its type; raises TypeError."""
    known = data["severity"] in SEVERITIES and data["confidence"] in CONFIDENCES
    texts = all(isinstance(data[name], str) for name in ("rule", "kind", "message", "path", "fingerprint"))
    numbers = all(isinstance(data[name], (int, NoneType)) for name in ("line", "column", "end_line", "end_column"))
    names = all(isinstance(name, str) for name in data["fails_on"])
    if not (known and texts and numbers and names):
        raise TypeError(f"a finding of {data['path']!r}")
    finding: Finding = _made(Finding, data)
    return finding


def _tests_from(data: Data) -> TestRun:
    failures = [_made(FailedTest, one) for one in data["failures"]]
    tests: TestRun = _made(TestRun, {**data, "failures": failures})
    return tests


def _made(kind: Any, data: Data) -> Any:
    """The dataclass from its fields: what a later version added is left out, what it did not have yet is default."""
    return kind(**{name: _frozen(data[name]) for name in _FIELDS[kind] if name in data})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
