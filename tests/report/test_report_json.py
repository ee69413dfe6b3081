"""The JSON report keeps its schema, and comes back whole."""

from __future__ import annotations

import copy
import json

import pytest
from jsonschema import Draft202012Validator

from compatcheck import check_source
from compatcheck.model.report import Report
from compatcheck.report import FORMATS
from compatcheck.report.as_json import NotAReport, as_json, from_json, to_data
from compatcheck.rulebook import rules_folder

BROKEN = "if (n := 1): pass\nprint 'x'\nx = {a := 1, 2}\n"


def test_a_report_with_everything_keeps_the_schema(full_report: Report, schema: Draft202012Validator) -> None:
    schema.validate(json.loads(as_json(full_report)))


@pytest.mark.parametrize("targets", [["3.7"], ["3.0-3.15"]])
@pytest.mark.parametrize("source", ["", "x = 1\n", BROKEN, b"\xff\n", b"# coding: nonsense\n", b"\0"])
def test_reports_of_real_runs_keep_the_schema(
    source: str | bytes, targets: list[str], schema: Draft202012Validator
) -> None:
    report = check_source(source, targets)
    schema.validate(json.loads(as_json(report)))
    assert from_json(as_json(report)) == report


def test_the_schema_is_strict(full_report: Report, schema: Draft202012Validator) -> None:
    """No part may have a field that the schema does not name, and none may go."""
    data = to_data(full_report)
    parts = [(), ("tool",), ("run",), ("summary",), ("summary", "by_runtime", "3.7"), ("findings", 0)]
    parts += [("unreadable", 0), ("suppressed", 0), ("files", 0), ("dependencies", 0), ("declarations", 0)]
    for path in parts:
        more, less = copy.deepcopy(data), copy.deepcopy(data)
        _part(more, path)["surprise"] = 1
        assert not schema.is_valid(more), f"{path} may have more"
        for field in list(_part(less, path)):
            removed = _part(less, path).pop(field)
            assert not schema.is_valid(less), f"{path} needs {field}"
            _part(less, path)[field] = removed


def _part(data: object, path: tuple[str | int, ...]) -> dict[str, object]:
    for step in path:
        data = data[step]  # type: ignore[index]
    assert isinstance(data, dict)
    return data


def test_every_part_of_the_schema_is_described() -> None:
    schema = json.loads((rules_folder() / "schemas" / "report.schema.json").read_bytes())
    assert [name for name, part in schema["properties"].items() if not part.get("description")] == []


def test_json_comes_back_as_the_same_report(full_report: Report) -> None:
    assert from_json(as_json(full_report)) == full_report
    assert from_json(as_json(full_report).encode()) == full_report


def test_json_survives_every_encoding() -> None:
    report = check_source("é = (日本 := '\x1b[31m\\u202e')", ["3.7"])
    assert report.findings
    assert as_json(report).isascii()
    assert "\x1b" not in as_json(report)


def test_what_a_later_version_adds_is_passed_over(full_report: Report) -> None:
    data = to_data(full_report)
    data["findings"][0]["cost"] = 3
    data["extra"] = []
    assert from_json(json.dumps(data)) == full_report


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "not a compatcheck report"),
        ('{"findings": []}', "schema_version"),
        ('{"schema_version": "9"}', "'9'"),
        ('{"schema_version": "1"}', "tool"),
        ('{"schema_version": "1", "tool": {}, "run": []}', "whole report"),
    ],
)
def test_what_is_no_report_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(NotAReport, match=says):
        from_json(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [("severity", "fatal"), ("confidence", 3), ("path", None), ("line", "7"), ("fails_on", [7]), ("rule", ["x"])],
)
def test_a_finding_that_no_format_could_show_is_refused(full_report: Report, field: str, value: object) -> None:
    data = to_data(full_report)
    data["findings"][0][field] = value
    with pytest.raises(NotAReport, match="whole report"):
        from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [("run", "started_at", "today"), ("run", "duration_s", "x"), ("summary", "files", "many")],
)
def test_times_and_numbers_are_some(full_report: Report, part: str, field: str, value: object) -> None:
    data = to_data(full_report)
    data[part][field] = value
    with pytest.raises(NotAReport, match="whole report"):
        from_json(json.dumps(data))


def test_all_formats_make_text_of_a_report(full_report: Report) -> None:
    for name, make in FORMATS.items():
        assert make(full_report).endswith("\n"), name
