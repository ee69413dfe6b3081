"""GitHub workflow commands: annotations on the lines of a pull request.

A step shows ten errors and ten warnings at most, so the most important ones come first and a notice tells of the rest.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.model.report import Finding, Report
from compatcheck.report.ranking import most_important_first
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.view import View

_SHOWN = 10
_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_github(report: Report, _view: View | None = None, /) -> str:
    """Commands for standard output, one a line."""
    ranked = most_important_first(report.findings)
    lines: list[str] = []
    left = 0
    for severity in _COMMANDS:
        some = [one for one in ranked if one.severity == severity]
        lines += [_annotation(one) for one in some[:_SHOWN]]
        left += len(some[_SHOWN:])
    lines += [
        _command("error", one.reason, title="compatcheck: not checked", file=one.path) for one in report.unreadable
    ]
    if left:
        lines.append(_command("notice", f"{left} more findings: see the job summary or the log", title="compatcheck"))
    return "".join(f"{line}\n" for line in lines)


def _annotation(one: Finding) -> str:
    place = dict(_place(one))
    message = f"{one.message}; fails on {phrase(one.fails_on)}"
    return _command(_COMMANDS[one.severity], message, title=f"compatcheck ({one.rule})", file=one.path, **place)


def _place(one: Finding) -> Iterator[tuple[str, str]]:
    if one.line is None:
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
