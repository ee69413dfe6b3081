"""The results of a project's own tests, as its test runner wrote them: JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as xml

_BAD = ("failure", "error")


class NotResults(ValueError):
    """The bytes are no JUnit XML; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """One test. `told` is all that was said of its failure, the message first; nothing when it did not fail."""

    name: str
    failed: bool
    skipped: bool
    message: str = ""
    told: str = ""


def read_results(data: bytes) -> list[Case]:
    """Every test of the file. Raises NotResults."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise NotResults("it declares a document type, which test results have no use for")
    try:
        root = xml.fromstring(data)  # noqa: S314 - no entities: see above
    except xml.ParseError as error:
        raise NotResults(f"no XML: {error}") from error
    if root.tag not in ("testsuites", "testsuite"):
        raise NotResults(f"no JUnit XML: it begins with <{root.tag[:40]}>")
    return list(_cases(root))


def _cases(root: xml.Element) -> Iterator[Case]:
    for case in root.iter("testcase"):
        bad = [part for part in case if part.tag in _BAD]
        message = next((part.get("message") or "" for part in bad), "")
        told = "\n".join(filter(None, [message, *(part.text or "" for part in bad)]))
        yield Case(_name(case), bool(bad), case.find("skipped") is not None, _first_line(message or told), told)


def _name(case: xml.Element) -> str:
    return "::".join(filter(None, (case.get("file") or case.get("classname"), case.get("name")))) or "a test"


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")[:300]
