"""SARIF 2.1.0, for GitHub code scanning and other dashboards.

Limits of GitHub: 25,000 results a run, 10 MB compressed, 1,024 characters in a rule's descriptions, 20 tags a rule.
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from compatcheck.model.report import Report
from compatcheck.report.ranking import most_important_first
from compatcheck.report.sarif_results import Data, Results
from compatcheck.report.sarif_rules import rules_of
from compatcheck.report.view import View

_MOST_RESULTS = 25_000
_MOST_BYTES = 10_000_000
_ROOT = "%SRCROOT%"


def as_sarif(report: Report, view: View | None = None, /) -> str:
    """One run; the most important results when there are more than a dashboard takes, with a note that says so."""
    most = _MOST_RESULTS
    text = _log(report, view, most)
    while len(text) > _MOST_BYTES and len(gzip.compress(text.encode(), 6)) > _MOST_BYTES and most > 1:
        most = min(most, len(report.findings) + len(report.suppressed)) * 2 // 3
        text = _log(report, view, most)
    return text


def _log(report: Report, view: View | None, most: int) -> str:
    ranked = most_important_first(report.findings)
    shown = ranked[:most]
    silenced = report.suppressed[: most - len(shown)]
    rules = rules_of(report, [*shown, *(one.finding for one in silenced)])
    results = Results(report, view.top if view else None, {rule["id"]: at for at, rule in enumerate(rules)}, _ROOT)
    cut = len(ranked) - len(shown), len(report.suppressed) - len(silenced)
    run: Data = {
        "tool": {"driver": _driver(report, rules)},
        "automationDetails": {"id": f"compatcheck/{_category(report.run.targets)}/"},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top folder of the checked repository."}}},
        "invocations": [_invocation(report, results, cut)],
        "columnKind": "unicodeCodePoints",
        "results": [*map(results.of, shown), *map(results.of_silenced, silenced)],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1) + "\n"


def _driver(report: Report, rules: list[Data]) -> Data:
    version = report.tool["version"]
    return {"name": report.tool["name"], "version": version, "semanticVersion": version, "rules": rules}


def _category(targets: Sequence[str]) -> str:
    """Jobs for other targets must not close each other's alerts."""
    return "-".join(dict.fromkeys([*targets[:1], *targets[-1:]])) or "none"


def _invocation(report: Report, results: Results, cut: tuple[int, int]) -> Data:
    started = datetime.fromisoformat(report.run.started_at)
    ended = started + timedelta(seconds=report.run.duration_s)
    notes = [results.not_checked(one) for one in report.unreadable]
    if any(cut):
        text = f"{cut[0]} less important results and {cut[1]} suppressed ones were left out: a dashboard takes no more"
        notes.append({"level": "warning", "message": {"text": text}, "descriptor": {"id": "cut"}})
    return {
        "executionSuccessful": not report.unreadable,
        "startTimeUtc": _utc(started),
        "endTimeUtc": _utc(ended),
        "toolExecutionNotifications": notes,
    }


def _utc(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"
