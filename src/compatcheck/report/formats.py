"""Every format by its name; a new one is a line here. Its module is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from compatcheck.model.report import Report
from compatcheck.report.view import View


class Format(Protocol):
    """A report to the whole text of its output, the last line end included."""

    def __call__(self, report: Report, view: View = ..., /) -> str: ...


def _in(module: str) -> Format:
    """The function `as_…` of a module, which is imported on the first call."""

    def make(report: Report, view: View | None = None, /) -> str:
        found = cast(Format, getattr(import_module(f"compatcheck.report.{module}"), module))
        return found(report, view or View())

    return make


FORMATS: Mapping[str, Format] = {
    "text": _in("as_text"),
    "concise": _in("as_concise"),
    "json": _in("as_json"),
    "jsonl": _in("as_jsonl"),
    "sarif": _in("as_sarif"),
    "github": _in("as_github"),
    "gitlab": _in("as_gitlab"),
    "junit": _in("as_junit"),
    "checkstyle": _in("as_checkstyle"),
    "rdjson": _in("as_rdjson"),
    "markdown": _in("as_markdown"),
    "html": _in("as_html"),
}
