"""GitLab Code Quality: findings beside the lines of a merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from compatcheck.model.report import Report
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

_SEVERITIES = {"error": "major", "warning": "minor", "info": "info"}


def as_gitlab(report: Report, _view: View | None = None, /) -> str:
    """A JSON array; GitLab shows only the first of equal fingerprints, so none are equal."""
    rows = [
        {
            "description": f"{one.message}; fails on {phrase(one.fails_on)}",
            "check_name": one.rule,
            "fingerprint": one.fingerprint,
            "severity": _SEVERITIES[one.severity],
            "location": {"path": one.path, "lines": {"begin": one.line or 1}},
        }
        for one in report.findings
    ]
    rows += [
        {
            "description": f"Not checked: {one.reason}",
            "check_name": "unreadable",
            "fingerprint": hashlib.blake2b(f"unreadable\0{one.path}".encode(), digest_size=16).hexdigest(),
            "severity": "major",
            "location": {"path": one.path, "lines": {"begin": 1}},
        }
        for one in report.unreadable
    ]
    seen: Counter[object] = Counter()
    for row in rows:
        seen[row["fingerprint"]] += 1
        if (count := seen[row["fingerprint"]]) > 1:
            row["fingerprint"] = f"{row['fingerprint']}-{count}"
    return json.dumps(rows, indent=2) + "\n"
