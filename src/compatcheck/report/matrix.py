"""A report's packages as a table: one line a package, one column a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compatcheck.model.report import Report
from compatcheck.report.terminal import harmless


def as_matrix(report: Report) -> str:
    """`ok`, `no`, the newest release that fits, `-` where it is not needed, `?` where nothing is known."""
    names = report.run.targets
    lines = [["package", "locked", *names]]
    for each in sorted(report.dependencies, key=lambda one: str(one["name"])):
        cells: Any = each["runtimes"]
        lines.append([str(each["name"]), str(each["locked"] or ""), *(_cell(cells.get(name, {})) for name in names)])
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    reasons = sorted({f"{each['name']}: {cell['reason']}" for each in report.dependencies for cell in _wrong(each)})
    unknown = [f"{one.path}: {one.reason}" for one in report.unreadable]
    parts = [*table, *([""] if reasons or unknown else []), *reasons, *unknown]
    return "".join(f"{harmless(line)}\n" for line in parts)


def _wrong(each: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [cell for cell in each["runtimes"].values() if cell["ok"] is False and cell["reason"]]


def _cell(cell: Mapping[str, Any]) -> str:
    if cell.get("ok") is False:
        return f"no ({cell['newest']})" if cell.get("newest") else "no"
    if cell.get("reason"):
        return "-"
    return str(cell.get("newest") or ("ok" if cell.get("ok") else "?"))
