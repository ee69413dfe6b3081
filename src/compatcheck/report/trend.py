"""Many reports over time: a table for each form, and a chart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Protocol

from compatcheck.model.report import Report
from compatcheck.report.headline import headline
from compatcheck.report.versions import in_order, phrase

_WIDTH, _HEIGHT, _LEFT, _TOP, _RIGHT, _BOTTOM = 900, 320, 60, 40, 130, 44
_LINE = 16
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#17202b}.axis{stroke:#c3cbd5}.grid{stroke:#e6eaef}"
    "path{fill:none;stroke-width:2.5;stroke-linejoin:round}.e{stroke:#ad2218;fill:#ad2218}.w{stroke:#b07a00;fill:#b07a00}"
    "path.e,path.w{fill:none}text.e,text.w{stroke:none}.bg{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#e6ebf1}.bg{fill:#19202a}.axis{stroke:#4a5766}.grid{stroke:#2d3846}"
    ".e{stroke:#ff9a8d;fill:#ff9a8d}.w{stroke:#f2c46b;fill:#f2c46b}}"
)


class _Make(Protocol):
    def __call__(self, reports: Sequence[Report], /) -> str: ...


def by_time(reports: Iterable[Report]) -> list[Report]:
    """The oldest first."""
    return sorted(reports, key=lambda each: each.run.started_at)


def _row(report: Report) -> dict[str, Any]:
    summary = report.summary
    return {
        "time": report.run.started_at,
        "files": summary.files,
        "errors": summary.by_severity.get("error", 0),
        "warnings": summary.by_severity.get("warning", 0),
        "by_runtime": {name: counts.errors for name, counts in summary.by_runtime.items()},
        "runs_on": [name for name, counts in summary.by_runtime.items() if counts.compatible],
        "minimum": summary.minimum,
        "headline": headline(report).text,
    }


def as_json(reports: Sequence[Report], /) -> str:
    """One object a report."""
    return json.dumps([_row(each) for each in reports], indent=1) + "\n"


def _table(reports: Sequence[Report]) -> list[list[str]]:
    versions = in_order(name for each in reports for name in each.summary.by_runtime)
    table = [["time", "files", "errors", "warnings", *versions, "runs on"]]
    for row in map(_row, reports):
        counts = [row["by_runtime"].get(name) for name in versions]
        cells = ["" if count is None else str(count) for count in counts]
        time = row["time"][:16].replace("T", " ")
        table.append(
            [time, str(row["files"]), str(row["errors"]), str(row["warnings"]), *cells, phrase(row["runs_on"])]
        )
    return table


def as_text(reports: Sequence[Report], /) -> str:
    """A table, errors per version included."""
    table = _table(reports)
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    last = len(widths) - 1
    lines = [
        "  ".join(cell.rjust(widths[at]) if 0 < at < last else cell.ljust(widths[at]) for at, cell in enumerate(row))
        for row in table
    ]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def as_markdown(reports: Sequence[Report], /) -> str:
    """The same table."""
    head, *rows = _table(reports)
    ruler = ["---", *["---:"] * (len(head) - 2), "---"]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, ruler, *rows))


def as_svg(reports: Sequence[Report], /) -> str:
    """Errors and warnings over the runs, one step a report."""
    rows = [_row(each) for each in reports]
    most = max([1, *(row[key] for row in rows for key in ("errors", "warnings"))])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'role="img" aria-label="{escape(_said(rows))}"><style>{_STYLE}</style>'
        f'<rect class="bg" width="{_WIDTH}" height="{_HEIGHT}" rx="10"/><text x="{_LEFT}" y="24">Findings over time</text>'
    ]
    for part in range(5):
        value = round(most * part / 4)
        y = _y(value, most)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{value:,}</text>')
    apart = _apart(rows, most)
    for key, name in (("warnings", "w"), ("errors", "e")):
        points = [(_x(at, len(rows)), _y(row[key], most)) for at, row in enumerate(rows)]
        if points:
            parts.append(f'<path class="{name}" d="M{" L".join(f"{x} {y}" for x, y in points)}"/>')
            x, y = points[-1]
            parts.append(f'<text class="{name}" x="{x + 10}" y="{y + 4 + apart[key]}">{rows[-1][key]:,} {key}</text>')
        for (x, y), row in zip(points, rows, strict=True):
            told = escape(f"{row['time'][:10]}: {row[key]:,} {key}; {row['headline']}")
            parts.append(f'<circle class="{name}" cx="{x}" cy="{y}" r="3.5"><title>{told}</title></circle>')
    for at in sorted({0, len(rows) - 1} & set(range(len(rows)))):
        day = escape(rows[at]["time"][:10])
        parts.append(f'<text x="{_x(at, len(rows))}" y="{_HEIGHT - 18}" text-anchor="middle">{day}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _apart(rows: Sequence[Mapping[str, Any]], most: int) -> Mapping[str, float]:
    """How far the names of the two lines move, so that neither hides the other."""
    if not rows:
        return {}
    errors, warnings = (_y(rows[-1][key], most) for key in ("errors", "warnings"))
    short = max(0.0, _LINE - abs(errors - warnings)) / 2
    return {"errors": short if errors >= warnings else -short, "warnings": -short if errors >= warnings else short}


def _said(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "No reports"
    first, last = rows[0], rows[-1]
    return (
        f"Errors went from {first['errors']:,} to {last['errors']:,} and warnings from {first['warnings']:,} to "
        f"{last['warnings']:,} in {len(rows)} reports"
    )


def _x(at: int, count: int) -> float:
    return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * (at / (count - 1) if count > 1 else 0.5), 1)


def _y(value: int, most: int) -> float:
    return round(_HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / most, 1)


TEXTS: Mapping[str, _Make] = {"text": as_text, "markdown": as_markdown, "svg": as_svg, "json": as_json}
