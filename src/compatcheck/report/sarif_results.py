"""Findings as SARIF results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from compatcheck.model.report import Finding, Report, Suppressed
from compatcheck.model.source import Unreadable
from compatcheck.report.paths import seen_from
from compatcheck.report.wording import verdict

Data = dict[str, Any]
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_NOT_ENCODED = re.compile("%(?![0-9A-Fa-f]{2})")


def level_of(one: Finding) -> str:
    """SARIF's word for a severity."""
    return _LEVELS[one.severity]


class Results:
    """Makes the results of one run; `numbers` are the places of its rules, `base` stands for the repository's top."""

    def __init__(self, report: Report, top: str | None, numbers: Mapping[str, int], base: str) -> None:
        self._report = report
        self._top = top
        self._numbers = numbers
        self._base = base
        self._compared = bool(report.run.baseline or report.run.diff_base)

    def of(self, one: Finding) -> Data:
        """A finding that counts."""
        result = self._result(one)
        return {**result, "baselineState": "new"} if self._compared else result

    def of_silenced(self, one: Suppressed) -> Data:
        """A finding that a comment, the baseline or an unchanged line silences."""
        kind = "inSource" if one.how == "comment" else "external"
        result = {**self._result(one.finding), "suppressions": [{"kind": kind, "justification": one.by}]}
        return {**result, "baselineState": "unchanged"} if self._compared and kind == "external" else result

    def not_checked(self, one: Unreadable) -> Data:
        """A notification about a file that could not be checked."""
        return {
            "level": "error",
            "message": {"text": f"not checked: {one.reason}"},
            "locations": [{"physicalLocation": {"artifactLocation": self._artifact(one.path)}}],
        }

    def _result(self, one: Finding) -> Data:
        prints = {"compatcheck/v1": one.fingerprint}
        if one.line_hash is not None:
            prints["primaryLocationLineHash"] = one.line_hash
        said = verdict(one)
        return {
            "ruleId": one.rule,
            "ruleIndex": self._numbers[one.rule],
            "level": level_of(one),
            "message": {"text": " ".join(filter(None, (f"{one.message}.", said and f"{said.capitalize()}.")))},
            "locations": [self._location(one)],
            "partialFingerprints": prints,
            "properties": {"confidence": one.confidence, "failsOn": list(one.fails_on)},
        }

    def _location(self, one: Finding) -> Data:
        physical: Data = {"artifactLocation": self._artifact(one.path)}
        if one.cell is not None:  # its lines are no lines of the file
            name = f"cell {one.cell}, line {one.line}"
            return {"physicalLocation": physical, "logicalLocations": [{"name": name, "kind": "cell"}]}
        if one.line is not None:
            physical["region"] = _region(one)
        return {"physicalLocation": physical}

    def _artifact(self, path: str) -> Data:
        # bytes that are not UTF-8 are percent-encoded in the path already
        uri = quote(_NOT_ENCODED.sub("%25", seen_from(self._top, self._report.run.root, path)), safe="/%")
        return {"uri": uri, "uriBaseId": self._base}


def _region(one: Finding) -> Data:
    region: Data = {
        "startLine": one.line,
        "startColumn": one.column,
        "endLine": one.end_line,
        "endColumn": one.end_column,
    }
    region = {key: value for key, value in region.items() if value is not None}
    return region if one.excerpt is None else {**region, "snippet": {"text": one.excerpt}}
