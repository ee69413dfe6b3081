"""GitLab Code Quality: findings beside the lines of a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any

from compatcheck.model.report import Finding, Report
from compatcheck.report.paths import seen_from
from compatcheck.report.view import View
from compatcheck.report.wording import told

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def as_gitlab(report: Report, view: View | None = None, /) -> str:
    """A JSON array; GitLab shows only the first of equal fingerprints, so none are equal."""
    top, root = view.top if view else None, report.run.root
    rows = [_row(one, seen_from(top, root, one.path)) for one in report.findings]
    rows += [
        {
            "type": "issue",
            "description": f"Not checked: {one.reason}",
            "check_name": "unreadable",
            "categories": ["Compatibility"],
            "fingerprint": hashlib.blake2b(f"unreadable\0{one.path}".encode(), digest_size=16).hexdigest(),
            "severity": "major",
            "location": {"path": seen_from(top, root, one.path), "lines": {"begin": 1}},
        }
        for one in report.unreadable
    ]
    _distinguish(rows)
    return json.dumps(rows, indent=2) + "\n"


def _row(one: Finding, path: str) -> dict[str, Any]:
    cell = f"Cell {one.cell}, line {one.line}: " if one.cell is not None else ""
    lines = {"begin": 1} if one.line is None or one.cell is not None else {"begin": one.line}
    if one.end_line is not None and one.cell is None:
        lines["end"] = one.end_line
    row = {
        "type": "issue",
        "description": cell + told(one),
        "check_name": one.rule,
        "categories": ["Security" if one.kind == "secret" else "Compatibility"],
        "fingerprint": one.fingerprint,
        "severity": _SEVERITIES[one.severity],
        "location": {"path": path, "lines": lines},
    }
    return {**row, "content": {"body": one.instead}} if one.instead else row


def _distinguish(rows: list[dict[str, Any]]) -> None:
    seen: Counter[str] = Counter()
    for row in rows:
        seen[row["fingerprint"]] += 1
        if (count := seen[row["fingerprint"]]) > 1:
            row["fingerprint"] = f"{row['fingerprint']}-{count}"
