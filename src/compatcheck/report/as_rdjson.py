"""reviewdog's rdjson: columns count UTF-8 bytes from 1, ends are exclusive.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from typing import Any

from compatcheck.model.report import Finding, Report
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def as_rdjson(report: Report, _view: View | None = None, /) -> str:
    """One JSON object with all diagnostics."""
    diagnostics = [_diagnostic(one) for one in report.findings]
    diagnostics += [
        {"message": f"not checked: {one.reason}", "location": {"path": one.path}, "severity": "ERROR"}
        for one in report.unreadable
    ]
    return json.dumps({"source": {"name": "compatcheck"}, "diagnostics": diagnostics}, indent=2) + "\n"


def _diagnostic(one: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"path": one.path}
    if one.line is not None:
        location["range"] = _range(one)
    return {
        "message": f"{one.message}; fails on {phrase(one.fails_on)}",
        "location": location,
        "severity": _SEVERITIES[one.severity],
        "code": {"value": one.rule},
    }


def _range(one: Finding) -> dict[str, Any]:
    """The excerpt is the first line only: on others no columns are known in bytes."""
    start: dict[str, int] = {"line": one.line or 1}
    if one.column is not None:
        start["column"] = _bytes_to(one, one.column)
    place: dict[str, Any] = {"start": start}
    if one.end_line is not None:
        place["end"] = {"line": one.end_line}
        if one.end_line == one.line and one.end_column is not None:
            place["end"]["column"] = _bytes_to(one, one.end_column)
    return place


def _bytes_to(one: Finding, column: int) -> int:
    if one.excerpt is None:
        return column
    return len(one.excerpt[: column - 1].encode("utf-8", "surrogatepass")) + 1
