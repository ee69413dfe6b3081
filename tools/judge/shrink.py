"""The smallest part of an input that still shows the same disagreement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from tools.judge.compare import NO_VERSION, Comparison, Disagreement, Outcome
from tools.judge.corpus import Entry
from tools.judge.mutate import TOKEN
from tools.judge.summary import normalised

MOST_PARTS = 2_000
SPLITTERS = [
    re.compile(rb"[^\n]*\n?(?:(?:[ \t)\]}#]|\r?\n)[^\n]*\n?)*"),  # a line and what is indented below it
    re.compile(rb"[^\n]*\n|[^\n]+"),
    TOKEN,
]


def smallest(outcome: Outcome) -> Iterator[tuple[Disagreement, bytes]]:
    """One disagreement of each cause, with the smallest input that shows it."""
    seen: set[tuple[str, str]] = set()
    for found in sorted(outcome.disagreements, key=lambda found: len(outcome.sources[found.label])):
        if _cause(found) not in seen:
            seen.add(_cause(found))
            yield found, shrunk(outcome.sources[found.label], found)


def shrunk(data: bytes, found: Disagreement) -> bytes:
    """Fewer statements, lines and tokens, as long as the same version disagrees for the same cause."""
    comparison = Comparison([] if found.version == NO_VERSION else [found.version], processes=1, remember=False)

    def still(parts: Sequence[bytes]) -> bool:
        comparison.outcome = Outcome()
        comparison.add([Entry(found.label, b"".join(parts))])
        return any(_cause(other) == _cause(found) for other in comparison.outcome.disagreements)

    try:
        before = None
        while data != before:  # what tokens have become makes whole lines superfluous
            before = data
            for split in SPLITTERS:
                parts = split.findall(data)
                data = b"".join(_fewest(parts, still) if len(parts) <= MOST_PARTS else parts)
        return data
    finally:
        comparison.close()


def _cause(found: Disagreement) -> tuple[str, str]:
    return found.direction, normalised(found.cause)


def _fewest(parts: list[bytes], still: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """Delta debugging: leave out ever smaller runs, as long as one can be left out."""
    size = max(len(parts) // 2, 1)
    while True:
        at, less = 0, False
        while at < len(parts):
            without = parts[:at] + parts[at + size :]
            if still(without):
                parts, less = without, True
            else:
                at += size
        if size == 1 and not less:
            return parts
        size = max(size // 2, 1)
