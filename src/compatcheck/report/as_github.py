"""GitHub workflow commands: annotations on the lines of a pull request.

A step shows ten errors, ten warnings and ten notices at most, so the most important ones come first and a notice tells of
the rest. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from compatcheck.model.report import Finding, Report
from compatcheck.model.source import Unreadable
from compatcheck.report.paths import seen_from
from compatcheck.report.ranking import most_important_first
from compatcheck.report.terminal import harmless
from compatcheck.report.view import View
from compatcheck.report.wording import told

_SHOWN = {"error": 10, "warning": 10, "info": 9}  # the tenth notice tells of the rest
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(report: Report, view: View | None = None, /) -> str:
    """Commands for standard output, one a line."""
    top, root = view.top if view else None, report.run.root
    ranked = _spread(most_important_first(report.findings))
    lines: list[str] = []
    left = 0
    for severity, most in _SHOWN.items():
        some = [_annotation(one, seen_from(top, root, one.path)) for one in ranked if one.severity == severity]
        if severity == "error":
            some = [_not_checked(one, seen_from(top, root, one.path)) for one in report.unreadable] + some
        lines += some[:most]
        left += len(some[most:])
    if left:
        rest = f"{left} more: see the job summary, or the report of another format"
        lines.append(_command("notice", rest, title="compatcheck"))
    return "".join(f"{line}\n" for line in lines)


def _spread(ranked: Iterable[Finding]) -> list[Finding]:
    """One finding of each rule and file before the second of any: ten annotations should not tell one thing."""
    seen: Counter[tuple[str, str]] = Counter()
    turns = []
    for one in ranked:
        seen[one.path, one.rule] += 1
        turns.append((seen[one.path, one.rule], one))
    return [one for _, one in sorted(turns, key=lambda turn: turn[0])]


def _annotation(one: Finding, path: str) -> str:
    cell = f"cell {one.cell}, line {one.line}: " if one.cell is not None else ""
    advice = f". {one.instead}" if one.instead else ""
    title = f"compatcheck ({one.rule})"
    return _command(_COMMANDS[one.severity], cell + told(one) + advice, title=title, file=path, **dict(_place(one)))


def _not_checked(one: Unreadable, path: str) -> str:
    return _command("error", one.reason, title="compatcheck: not checked", file=path)


def _place(one: Finding) -> Iterator[tuple[str, str]]:
    if one.line is None or one.cell is not None:
        return
    yield "line", str(one.line)
    yield "endLine", str(one.end_line or one.line)
    # GitHub ignores columns of a place that spans lines
    if one.column is not None and one.end_line in (None, one.line):
        yield "col", str(one.column)
        if one.end_column is not None:
            yield "endColumn", str(one.end_column)


def _command(name: str, message: str, **properties: str) -> str:
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{_data(message)}"


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25")  # line ends are escaped, too: the log is a terminal


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
