"""Checkstyle XML, which many review tools read."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as xml

from compatcheck.model.report import Report
from compatcheck.report.versions import phrase
from compatcheck.report.view import View
from compatcheck.report.xml_text import legal


def as_checkstyle(report: Report, _view: View | None = None, /) -> str:
    """A `file` element for each file with findings, and for those that could not be checked."""
    root = xml.Element("checkstyle", version=report.tool["version"])
    for path, findings in groupby(report.findings, key=lambda one: one.path):
        file = xml.SubElement(root, "file", name=legal(path))
        for one in findings:
            message = f"{one.message}; fails on {phrase(one.fails_on)}"
            xml.SubElement(
                file,
                "error",
                line=str(one.line or 1),
                column=str(one.column or 1),
                severity=one.severity,
                message=legal(message),
                source=f"compatcheck.{one.rule}",
            )
    for trouble in report.unreadable:
        file = xml.SubElement(root, "file", name=legal(trouble.path))
        message = legal(f"not checked: {trouble.reason}")
        xml.SubElement(file, "error", line="1", severity="error", message=message, source="compatcheck.unreadable")
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"
