"""JUnit XML: a test suite a file, so that every CI system shows findings as failed tests.

It keeps to what both the strict schema of Apache Ant's reports and Jenkins' own accept.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as xml

from compatcheck.model.report import Finding, Report
from compatcheck.report.view import View
from compatcheck.report.wording import place, told
from compatcheck.report.xml_text import document, legal


def as_junit(report: Report, _view: View | None = None, /) -> str:
    """Errors fail; warnings and infos pass, and stand in their suite's output; files without findings pass."""
    by_path: dict[str, list[Finding]] = {file.path: [] for file in report.files}
    for one in report.findings:
        by_path.setdefault(one.path, []).append(one)
    root = xml.Element("testsuites")
    for path, findings in by_path.items():
        cases = [_case(path, one) for one in findings]
        cases = cases or [xml.Element("testcase", name="compatible", classname=legal(path), time="0")]
        passed = [f"{_told(one)}\n" for one in findings if one.severity != "error"]
        _suite(root, report, path, cases, "".join(passed))
    for trouble in report.unreadable:
        case = xml.Element("testcase", name="readable", classname=legal(trouble.path), time="0")
        xml.SubElement(case, "error", message=legal(trouble.reason), type="unreadable").text = legal(trouble.reason)
        _suite(root, report, trouble.path, [case], "")
    return document(root)


def _case(path: str, one: Finding) -> xml.Element:
    name = f"{one.rule} at {place(one)}" if place(one) else one.rule
    case = xml.Element("testcase", name=name, classname=legal(path), time="0")
    if one.severity == "error":
        xml.SubElement(case, "failure", message=legal(one.message), type=one.rule).text = _told(one)
    return case


def _told(one: Finding) -> str:
    cell = f"cell {one.cell}:" if one.cell is not None else ""
    advice = f"\n{one.instead}" if one.instead else ""
    return legal(f"{one.path}:{cell}{one.line or 1}: {one.severity}: {told(one)}{advice}")


def _suite(root: xml.Element, report: Report, path: str, cases: Iterable[xml.Element], output: str) -> None:
    cases = list(cases)
    suite = xml.SubElement(
        root,
        "testsuite",
        name=legal(path) or "-",
        package="compatcheck",
        id=str(len(root)),
        timestamp=report.run.started_at[:19],
        hostname="localhost",
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        time="0",
    )
    properties = xml.SubElement(suite, "properties")
    xml.SubElement(properties, "property", name="compatcheck", value=report.tool["version"])
    suite.extend(cases)
    xml.SubElement(suite, "system-out").text = output
    xml.SubElement(suite, "system-err")
