"""reviewdog's rdjson: columns count UTF-8 bytes from 1, ends are exclusive.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from typing import Any

from compatcheck.model.report import Finding, Report
from compatcheck.report.paths import seen_from
from compatcheck.report.view import View
from compatcheck.report.wording import link, told

_SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}
Data = dict[str, Any]


def as_rdjson(report: Report, view: View | None = None, /) -> str:
    """One JSON object with all diagnostics."""
    top, root = view.top if view else None, report.run.root
    links = {rule.id: link(rule.reference) for rule in report.rules}
    diagnostics = [_diagnostic(one, seen_from(top, root, one.path), links.get(one.rule)) for one in report.findings]
    diagnostics += [
        {
            "message": f"not checked: {one.reason}",
            "location": {"path": seen_from(top, root, one.path)},
            "severity": "ERROR",
            "code": {"value": "unreadable"},
        }
        for one in report.unreadable
    ]
    return json.dumps({"source": {"name": "compatcheck"}, "diagnostics": diagnostics}, indent=2) + "\n"


def _diagnostic(one: Finding, path: str, url: str | None) -> Data:
    location: Data = {"path": path}
    if one.line is not None and one.cell is None:
        location["range"] = _range(one)
    cell = f"cell {one.cell}, line {one.line}: " if one.cell is not None else ""
    return {
        "message": cell + told(one) + (f"\n{one.instead}" if one.instead else ""),
        "location": location,
        "severity": _SEVERITIES[one.severity],
        "code": {"value": one.rule, **({"url": url} if url else {})},
    }


def _range(one: Finding) -> Data:
    """The excerpt is the first line only: what ends on another is given by whole lines."""
    if one.column is None or one.excerpt is None:
        return {"start": {"line": one.line}}
    if one.end_line not in (None, one.line):
        return {"start": {"line": one.line}, "end": {"line": one.end_line}}
    place: Data = {"start": {"line": one.line, "column": _bytes_to(one.excerpt, one.column)}}
    if one.end_column is not None:
        place["end"] = {"line": one.line, "column": _bytes_to(one.excerpt, one.end_column)}
    return place


def _bytes_to(line: str, column: int) -> int:
    return len(line[: column - 1].encode("utf-8", "surrogatepass")) + 1
