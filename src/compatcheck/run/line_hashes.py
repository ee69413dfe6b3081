"""GitHub's name for a source line, `primaryLocationLineHash`: code scanning tells by it whether an alert is the same.

The upload action works it out from the checked-out files and warns of another value, so it must be exactly this: the
first 100 UTF-16 units from the line's beginning on, without blanks, as a number to the base 37 in 64 bits; then how many
lines up to this one have the same. Who knows the rest of a line finds a short secret by it: such a line gets none.
"""

from __future__ import annotations

import os
import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from compatcheck.configs.secrets.masking import Mask
from compatcheck.model.problems import Analysis
from compatcheck.model.report import Finding
from compatcheck.model.source import Source
from compatcheck.project import File
from compatcheck.project.files import inside, read_if_there
from compatcheck.run.masking import Masker

_UNITS = 100
_LARGEST = 64 << 20
_MOST_BYTES = 4  # of one unit in UTF-8
_END = "\uffff"
_NONE = (-1, 0)
_POWERS = tuple(pow(37, _UNITS - 1 - place, 1 << 64) for place in range(_UNITS))


class LineHashes:
    """Puts the hashes into findings that have none yet. Reads the files of the run, and others inside `root` only."""

    def __init__(self, root: str, files: Iterable[File]) -> None:
        self._root = root
        self._masker = Masker()
        self._files = {file.path: file for file in files}

    def __call__(self, path: str, findings: Sequence[Finding]) -> list[Finding]:
        """The findings of one file with their hashes; a notebook's lines are no lines of its file."""
        waiting = any(one.line_hash is None and _has_line(one) for one in findings)
        data = self._data(path) if waiting else None
        hash_of = _hasher(data, self._masker.of(data)) if data is not None else None
        return [_with_hash(one, hash_of) for one in findings]

    def _data(self, path: str) -> bytes | None:
        file = self._files.get(path)
        if file is not None:
            return read_if_there(file.location, _LARGEST) if file.data is None else file.data
        location = os.path.realpath(os.path.join(self._root, path))
        return read_if_there(location, _LARGEST) if inside(location, os.path.realpath(self._root)) else None


def hashed(source: Source, analysis: Analysis, masker: Masker) -> Analysis:
    """A file's analysis with the hashes of its problems' lines."""
    if source.kind == "notebook" or not any(problem.span for problem in analysis.problems):
        return analysis
    hash_of = _hasher(source.data, masker.of(source.data))
    return replace(
        analysis,
        problems=tuple(
            replace(one, line_hash=hash_of(one.span.line) or "") if one.span and one.kind != "secret" else one
            for one in analysis.problems
        ),
    )


def _with_hash(one: Finding, hash_of: Callable[[int], str | None] | None) -> Finding:
    if one.line_hash == "":
        return replace(one, line_hash=None)
    if one.line_hash is not None or hash_of is None or not _has_line(one):
        return one
    return replace(one, line_hash=hash_of(one.line or 0))


def _hasher(data: bytes, mask: Mask) -> Callable[[int], str | None]:
    """The hash of a line by its number; None for a line whose hash would be made of a secret."""
    hash_of = line_hasher(data)
    lines = data.splitlines() if mask else []

    def quotes(line: int) -> bool:
        units, number = 0, line
        while units < _UNITS and number <= len(lines):
            if mask.hides(number):
                return True
            units += len(b"".join(lines[number - 1].split())) // _MOST_BYTES + 1
            number += 1
        return False

    return lambda line: None if quotes(line) else hash_of(line)


def _has_line(finding: Finding) -> bool:
    return finding.line is not None and finding.cell is None and finding.kind != "secret"


def line_hasher(data: bytes) -> Callable[[int], str | None]:
    """A function from a line's number, from 1, to its hash; None where there is no such line."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = _units(text) + _END + "\0" * _UNITS
    starts = [0, *(match.end() for match in re.finditer("\n", units))]
    counted: dict[str, tuple[int, int]] = {}

    def hash_of(line: int) -> str | None:
        if not 1 <= line <= len(starts):
            return None
        window = units[starts[line - 1] : starts[line - 1] + _UNITS]
        value = sum(map(int.__mul__, map(ord, window), _POWERS)) & 0xFFFF_FFFF_FFFF_FFFF
        before = counted.get(window, _NONE)
        found = _count(units, window, starts[line - 1], before if before[0] < starts[line - 1] else _NONE)
        counted[window] = max(before, found)  # a file of ten thousand equal lines asks for each of them
        return f"{value:x}:{found[1] + units.startswith(window)}"

    return hash_of


def _units(text: str) -> str:
    """A character for each UTF-16 unit."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join(map(chr, array("H", text.encode("utf-16-le" if array("H", b"\1\0")[0] == 1 else "utf-16-be"))))


def _count(units: str, window: str, last: int, before: tuple[int, int]) -> tuple[int, int]:
    """How many lines, the first left aside, up to the one that begins at `last` begin with the window, and the line's
    end before the last of them; `before` is the answer for a line above.
    """
    at, count = before
    mark = f"\n{window}"
    while (at := units.find(mark, at + 1, last + len(window))) >= 0:
        before = (at, count := count + 1)
    return before
