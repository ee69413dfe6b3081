"""Checkstyle XML, which many review tools read."""

from __future__ import annotations

from xml.etree import ElementTree as xml

from compatcheck.model.report import Finding, Report
from compatcheck.report.view import View
from compatcheck.report.wording import told
from compatcheck.report.xml_text import document, legal


def as_checkstyle(report: Report, _view: View | None = None, /) -> str:
    """A `file` element for each file with findings, and for those that could not be checked."""
    root = xml.Element("checkstyle", version=report.tool["version"])
    files: dict[str, xml.Element] = {}
    for one in report.findings:
        _error(_file(root, files, one.path), one)
    for trouble in report.unreadable:
        message = legal(f"not checked: {trouble.reason}")
        file = _file(root, files, trouble.path)
        xml.SubElement(file, "error", line="1", severity="error", message=message, source="compatcheck.unreadable")
    return document(root)


def _file(root: xml.Element, files: dict[str, xml.Element], path: str) -> xml.Element:
    if path not in files:
        files[path] = xml.SubElement(root, "file", name=legal(path))
    return files[path]


def _error(file: xml.Element, one: Finding) -> None:
    cell = f"cell {one.cell}: " if one.cell is not None else ""
    xml.SubElement(
        file,
        "error",
        line=str(one.line or 1),
        column=str(one.column or 1),
        severity=one.severity,
        message=legal(cell + told(one)),
        source=f"compatcheck.{one.rule}",
    )
