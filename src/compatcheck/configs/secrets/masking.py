"""Secrets out of what is said of a text: source lines keep their width, so that columns still fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from compatcheck.configs.secrets.detector import Detector, Found
from compatcheck.configs.secrets.lines import Lines
from compatcheck.model.problems import Comment, Problem

_SIGN = "*"
# A shorter word may be a name, too, and stands in many messages.
_SHORTEST = 6


class Mask:
    """What one text has to hide: columns of its lines, and values wherever they come up again."""

    def __init__(self, detector: Detector, text: bytes) -> None:
        found = detector.all(text)
        self._columns = _columns(found, text) if found else {}
        self._values = sorted(set(_values(found, text)), key=len, reverse=True)

    def __bool__(self) -> bool:
        return bool(self._columns)

    def hides(self, number: int) -> bool:
        """Whether something of line `number` (from 1) is hidden."""
        return number in self._columns

    def line(self, number: int, text: str) -> str:
        """Line `number` of the text (from 1)."""
        for start, end in self._columns.get(number, ()):
            text = text[:start] + _SIGN * (min(end, len(text)) - start) + text[end:]
        return self.words(text)

    def words(self, text: str) -> str:
        """Any text that may quote the one with the secrets."""
        for value in self._values:
            text = text.replace(value, _SIGN * len(value))
        return text

    def problem(self, problem: Problem) -> Problem:
        """A problem of the text, without its secrets."""
        line = problem.span.line if problem.span else 0
        return replace(
            problem,
            message=self.words(problem.message),
            excerpt=self.line(line, problem.excerpt) if problem.excerpt is not None else None,
            symbol=self.words(problem.symbol) if problem.symbol is not None else None,
            instead=self.words(problem.instead) if problem.instead is not None else None,
            evidence=tuple(map(self.words, problem.evidence)),
        )

    def comment(self, comment: Comment) -> Comment:
        """A comment of the text, without its secrets."""
        start = comment.span.column - 1
        hidden = self.line(comment.span.line, " " * start + comment.text)
        return replace(comment, text=hidden[start:])


def masked_line(detector: Detector, problem: Problem) -> Problem:
    """A problem of a text that is not at hand: its source line has to say by itself what is a secret."""
    said = "\n".join(filter(None, [problem.excerpt, problem.message, problem.symbol, *problem.evidence]))
    mask = Mask(detector, said.encode("utf-8", "replace"))
    if not mask:
        return problem
    line = problem.excerpt or ""
    quoted = Mask(detector, line.encode("utf-8", "replace")).line(1, line)
    hidden = mask.problem(replace(problem, span=None, excerpt=quoted if problem.excerpt is not None else None))
    return replace(hidden, span=problem.span)


def _columns(found: Iterable[Found], text: bytes) -> dict[int, list[tuple[int, int]]]:
    """By line, the columns (from 0, in code points) to hide."""
    lines = Lines(text)
    columns: dict[int, list[tuple[int, int]]] = {}
    for one in found:
        for line in range(lines.number(one.start), lines.number(max(one.start, one.end - 1)) + 1):
            begin, last = lines.bounds(line)
            first, last = max(one.start, begin), min(one.end, last)
            columns.setdefault(line, []).append((lines.column(line, first) - 1, lines.column(line, last) - 1))
    return columns


def _values(found: Iterable[Found], text: bytes) -> Iterator[str]:
    """Values that are hidden wherever they stand; of those on several lines, each line."""
    for one in found:
        for value in text[one.start : one.end].decode("utf-8", "replace").split("\n"):
            value = value.strip()
            if one.sure or (len(value) >= _SHORTEST and any(map(str.isdigit, value))):
                if len(value) >= _SHORTEST:
                    yield value
