"""Formats for programs: each is what its readers parse, whatever the checked files are called or hold."""

from __future__ import annotations

import json
from xml.etree import ElementTree as xml

import pytest

import compatcheck
from compatcheck.model.report import Report
from compatcheck.report import FORMATS

HOSTILE = "a]]>&<b>'\" \x1b[31m::error::%0A\u202e,x=1.py"


@pytest.fixture
def report() -> Report:
    source = "é = '𝒳'; (n := 1)\nprint(f'{n=}')\n(n := 2)  # compatcheck: ignore[syntax] known\nimport \0\n".replace(
        "\0", "x"
    )
    return compatcheck.check_source(source, ["3.7"], HOSTILE)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_nothing_hostile_gets_through(name: str, report: Report) -> None:
    text = FORMATS[name](report)
    assert text.endswith("\n")
    assert "\x1b" not in text
    if name not in ("text", "concise"):
        text.encode("utf-8")
    assert not any(line.startswith("::error::%0A") for line in text.splitlines())


@pytest.mark.parametrize("name", ["junit", "checkstyle"])
def test_xml_holds_every_finding(name: str, report: Report) -> None:
    root = xml.fromstring(FORMATS[name](report))
    found = root.findall(".//failure") if name == "junit" else root.findall(".//error")
    assert len(found) == len(report.findings) == 2


def test_junit_counts_its_cases(report: Report) -> None:
    for suite in xml.fromstring(FORMATS["junit"](report)):
        assert suite.get("tests") == str(len(suite.findall("testcase")))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))


def test_junit_of_a_clean_run_has_a_passing_case() -> None:
    root = xml.fromstring(FORMATS["junit"](compatcheck.check_source("x = 1\n", ["3.7"])))
    assert len(root.findall(".//testcase")) == 1
    assert [suite.get("failures") for suite in root] == ["0"]


def test_gitlab_fingerprints_are_unique() -> None:
    report = compatcheck.check_source("(n := 1)\n" * 5, ["3.7"])
    rows = json.loads(FORMATS["gitlab"](report))
    assert len({row["fingerprint"] for row in rows}) == len(rows) == 5


def test_rdjson_columns_count_bytes(report: Report) -> None:
    first = json.loads(FORMATS["rdjson"](report))["diagnostics"][0]
    start = first["location"]["range"]["start"]
    line = "é = '𝒳'; (n := 1)".encode()
    assert line[start["column"] - 1 :].startswith(b"n := 1")


def test_github_shows_ten_errors_and_tells_of_the_rest() -> None:
    report = compatcheck.check_source("(n := 1)\n" * 12, ["3.7"])
    lines = FORMATS["github"](report).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert lines[-1].startswith("::notice ")
    assert "2 more" in lines[-1]


def test_github_properties_cannot_be_left(report: Report) -> None:
    line = FORMATS["github"](report).splitlines()[0]
    properties = line.removeprefix("::error ").split("::", 1)[0]
    assert dict(part.split("=", 1) for part in properties.split(","))["line"] == "1"


def test_sarif_says_what_is_suppressed_and_where(report: Report) -> None:
    run = json.loads(FORMATS["sarif"](report))["runs"][0]
    assert [bool(one.get("suppressions")) for one in run["results"]] == [False, False, True]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[one["ruleIndex"]] == one["ruleId"] for one in run["results"])
    uri = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert " " not in uri


def test_jsonl_has_a_line_for_each(report: Report) -> None:
    kinds = [json.loads(line)["type"] for line in FORMATS["jsonl"](report).splitlines()]
    assert kinds == ["run", "finding", "finding", "suppressed"]
