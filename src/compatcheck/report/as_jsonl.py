"""One JSON object a line: the run first, then each finding, then what could not be checked."""

from __future__ import annotations

import json

from compatcheck.model.report import Report
from compatcheck.report.as_json import to_data
from compatcheck.report.view import View


def as_jsonl(report: Report, _view: View | None = None, /) -> str:
    """Each object says what it is in `type`: run, finding, unreadable or suppressed."""
    data = to_data(report)
    head = {"type": "run", **{key: data[key] for key in ("schema_version", "tool", "run", "summary")}}
    rows = [head]
    rows += [{"type": "finding", **one} for one in data["findings"]]
    rows += [{"type": "unreadable", **one} for one in data["unreadable"]]
    rows += [{"type": "suppressed", **one} for one in data["suppressed"]]
    return "".join(json.dumps(row) + "\n" for row in rows)
