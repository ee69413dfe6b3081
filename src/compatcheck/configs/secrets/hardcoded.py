"""Secrets that stand in a text: code, configuration, notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from compatcheck.configs.secrets.detector import Detector, Found
from compatcheck.configs.secrets.lines import Lines
from compatcheck.configs.secrets.masking import Mask
from compatcheck.configs.secrets.told import Teller
from compatcheck.model.problems import Problem, Span

# A line of more characters is no line that anyone reads.
_LONGEST = 2_000
_QUOTES = (b'"""', b"'''")
_TESTS = re.compile(
    r"(?:^|/)(?:tests?|testing|fixtures|examples|docs?)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$"
)
_COMMON = ("Credentials", "Password", "Private", "Secret")


def in_text(text: bytes, path: str, detector: Detector, tell: Teller) -> list[Problem]:
    """The secrets of one file; `text` has `\\n` line ends where lines are to be counted."""
    found = detector.secrets(text, path)
    if not found:
        return []
    lines, mask = Lines(text), Mask(detector, text)
    tests = is_example_path(path)
    return [
        _problem(one, lines, mask, tell, text[one.start : one.end], quiet=tests or _in_prose(text, path, one))
        for one in found
    ]


def is_example_path(path: str) -> bool:
    """Whether a file is a test, an example or documentation."""
    return _TESTS.search(path) is not None


def _in_prose(text: bytes, path: str, found: Found) -> bool:
    """Whether a secret's name stands in a string of several lines: in what explains the code."""
    line = text.rfind(b"\n", 0, found.start) + 1
    return path.endswith((".py", ".pyi")) and any(text.count(quotes, 0, line) % 2 for quotes in _QUOTES)


def in_notebook(data: bytes, path: str, detector: Detector, tell: Teller) -> list[Problem]:
    """The secrets of a notebook: in the text of its cells, and in what they printed."""
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError):
        return in_text(data, path, detector, tell)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        return in_text(data, path, detector, tell)
    return [problem for number, cell in enumerate(cells, 1) for problem in _in_cell(cell, number, path, detector, tell)]


def _in_cell(cell: object, number: int, path: str, detector: Detector, tell: Teller) -> Iterator[Problem]:
    source = _joined(cell.get("source")) if isinstance(cell, dict) else ""
    for problem in in_text(source.encode("utf-8", "replace"), path, detector, tell):
        span = problem.span
        yield replace(problem, span=replace(span, cell=number) if span else None)
    printed = "\n".join(_texts(cell.get("outputs") if isinstance(cell, dict) else None))
    for problem in in_text(printed.encode("utf-8", "replace"), path, detector, tell):
        place = Span(1, 1, 1, 1, number)
        yield replace(problem, span=place, message=f"{problem.message} that the cell printed")


def _texts(value: object) -> Iterator[str]:
    """Every text of a cell's outputs; pictures are none."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if not str(key).startswith("image/"):
                yield from _texts(inner)
    elif isinstance(value, list):
        if value and all(isinstance(each, str) for each in value):
            yield "".join(value)
        else:
            for inner in value:
                yield from _texts(inner)
    elif isinstance(value, str):
        yield value


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")


def _problem(found: Found, lines: Lines, mask: Mask, tell: Teller, secret: bytes, *, quiet: bool) -> Problem:
    """`quiet` where what only looks like a secret is most likely an example."""
    pattern = found.pattern
    span = lines.span(found.start, found.end)
    line = lines.text(span.line)
    return tell(
        "hard-coded-secret",
        span,
        mask.line(span.line, line) if len(line) <= _LONGEST else None,
        {"what": _lowered(pattern.title)},
        severity="info" if quiet and pattern.confidence != "certain" else pattern.severity,
        confidence="possible" if quiet and pattern.confidence != "certain" else pattern.confidence,
        symbol=pattern.id,
        secret=secret,
    )


def _lowered(title: str) -> str:
    """As it reads within a sentence: acronyms and proper names stay."""
    return title[:1].lower() + title[1:] if title.startswith(_COMMON) else title
