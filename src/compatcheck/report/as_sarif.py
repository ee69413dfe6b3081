"""SARIF 2.1.0, for GitHub code scanning and other dashboards.

Limits of GitHub: 25,000 results a run, text of 1,024 characters in descriptions.
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from compatcheck.model.report import Finding, Report, Suppressed
from compatcheck.report.ranking import most_important_first
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

_MOST_RESULTS = 25_000
_LONGEST = 1_024
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
_PRECISIONS = {"certain": "very-high", "likely": "high", "possible": "low"}
Data = dict[str, Any]


def as_sarif(report: Report, _view: View | None = None, /) -> str:
    """One run; the most important results when there are more than a dashboard takes, with a note that says so."""
    ranked = most_important_first(report.findings)[:_MOST_RESULTS]
    shown = [*ranked, *(one.finding for one in report.suppressed)]
    rules = _rules(shown)
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [_result(one, numbers) for one in ranked]
    results += [_suppressed(one, numbers) for one in report.suppressed[: _MOST_RESULTS - len(ranked)]]
    run: Data = {
        "tool": {"driver": _driver(report, rules)},
        "automationDetails": {"id": f"compatcheck/{'-'.join(report.run.targets[:1] + report.run.targets[-1:])}/"},
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the checked project."}}},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _driver(report: Report, rules: list[Data]) -> Data:
    version = report.tool["version"]
    return {"name": report.tool["name"], "version": version, "semanticVersion": version, "rules": rules}


def _rules(findings: list[Finding]) -> list[Data]:
    """What the findings say of their rules; the first of each speaks for it."""
    first: dict[str, Finding] = {}
    for one in findings:
        first.setdefault(one.rule, one)
    return [_rule(one) for _, one in sorted(first.items())]


def _rule(one: Finding) -> Data:
    advice = one.instead or f"`compatcheck explain {one.rule}` says more."
    return {
        "id": one.rule,
        "name": one.rule,
        "shortDescription": {"text": one.rule.replace("-", " ")[:_LONGEST]},
        "fullDescription": {"text": one.message[:_LONGEST]},
        "help": {"text": advice, "markdown": advice},
        "defaultConfiguration": {"level": _LEVELS[one.severity]},
        "properties": {
            "tags": ["compatibility", one.kind],
            "precision": _PRECISIONS[one.confidence],
            "problem.severity": _PROBLEMS[one.severity],
        },
    }


def _result(one: Finding, numbers: dict[str, int]) -> Data:
    return {
        "ruleId": one.rule,
        "ruleIndex": numbers[one.rule],
        "level": _LEVELS[one.severity],
        "message": {"text": f"{one.message}. Fails on {phrase(one.fails_on)}."},
        "locations": [{"physicalLocation": _location(one)}],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{one.fingerprint[:16]}:1",
            "compatcheck/v1": one.fingerprint,
        },
    }


def _suppressed(one: Suppressed, numbers: dict[str, int]) -> Data:
    return {
        **_result(one.finding, numbers),
        "suppressions": [{"kind": "inSource", "justification": one.by}],
    }


def _location(one: Finding) -> Data:
    # bytes that are not UTF-8 are percent-encoded in the path already
    location: Data = {"artifactLocation": {"uri": quote(one.path, safe="/%"), "uriBaseId": "ROOT"}}
    if one.line is not None:
        region = {
            "startLine": one.line,
            "startColumn": one.column,
            "endLine": one.end_line,
            "endColumn": one.end_column,
        }
        location["region"] = {key: value for key, value in region.items() if value is not None}
        if one.excerpt is not None:
            location["region"]["snippet"] = {"text": one.excerpt}
    return location


def _invocation(report: Report) -> Data:
    told = [_note("error", f"{one.path}: not checked: {one.reason}") for one in report.unreadable]
    if (cut := len(report.findings) - _MOST_RESULTS) > 0:
        told.append(
            _note("warning", f"{cut} less important results were left out: {_MOST_RESULTS} are the most allowed")
        )
    return {
        "executionSuccessful": not report.unreadable,
        "startTimeUtc": report.run.started_at.replace("+00:00", "Z"),
        "toolExecutionNotifications": told,
    }


def _note(level: str, text: str) -> Data:
    return {"level": level, "message": {"text": text}}
