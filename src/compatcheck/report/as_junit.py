"""JUnit XML: a test suite a file, so that every CI system shows findings as failed tests."""

from __future__ import annotations

from xml.etree import ElementTree as xml

from compatcheck.model.report import Finding, Report
from compatcheck.report.versions import phrase
from compatcheck.report.view import View
from compatcheck.report.xml_text import legal


def as_junit(report: Report, _view: View | None = None, /) -> str:
    """Errors fail; warnings and infos pass, with their message as output; files without findings pass."""
    by_path: dict[str, list[Finding]] = {file.path: [] for file in report.files}
    for one in report.findings:
        by_path.setdefault(one.path, []).append(one)
    root = xml.Element("testsuites", name="compatcheck")
    for path, findings in by_path.items():
        suite = xml.SubElement(root, "testsuite", name=legal(path))
        for one in findings:
            _case(suite, path, one)
        if not findings:
            xml.SubElement(suite, "testcase", name="compatible", classname=legal(path))
        _counts(suite)
    for trouble in report.unreadable:
        suite = xml.SubElement(root, "testsuite", name=legal(trouble.path))
        case = xml.SubElement(suite, "testcase", name="readable", classname=legal(trouble.path))
        xml.SubElement(case, "error", message=legal(trouble.reason))
        _counts(suite)
    for key in ("tests", "failures", "errors"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _case(suite: xml.Element, path: str, one: Finding) -> None:
    name = f"{one.rule} at {one.line or 1}:{one.column or 1}"
    case = xml.SubElement(suite, "testcase", name=name, classname=legal(path))
    text = legal(f"{path}:{one.line or 1}: {one.message}; fails on {phrase(one.fails_on)}")
    if one.severity == "error":
        xml.SubElement(case, "failure", message=legal(one.message), type=one.rule).text = text
    else:
        xml.SubElement(case, "system-out").text = f"{one.severity}: {text}"


def _counts(suite: xml.Element) -> None:
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
