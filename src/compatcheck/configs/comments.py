"""Comments in configurations that speak to compatcheck: `# compatcheck: ignore[rule] reason`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.model.comments import parsed
from compatcheck.model.problems import Comment, Span

_MARK = re.compile(r"(?:^|(?<=\s))#\s*compatcheck:(?P<said>.*)")
_NOTHING = re.compile(r"\s*(?:#.*)?\Z")


def comments_in(text: str) -> Iterator[Comment]:
    """Beside a value a comment means its line; on a line of its own the next one that holds something."""
    if "compatcheck:" not in text:
        return
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        found = _MARK.search(line)
        if found is None:
            continue
        action, names = parsed(found["said"])
        span = Span(number, found.start() + 1, number, len(line.rstrip()) + 1)
        meant = (1, len(lines)) if action == "ignore-file" else _meant(lines, number, line[: found.start()])
        yield Comment(action, names, span, line[found.start() :].rstrip(), meant)


def _meant(lines: list[str], number: int, before: str) -> tuple[int, int]:
    if before.strip():
        return number, number
    following = next((at for at, line in enumerate(lines[number:], number + 1) if not _NOTHING.match(line)), number)
    return following, following
