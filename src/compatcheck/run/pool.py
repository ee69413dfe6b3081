"""Work on many items in several processes; a crash loses one item, an interrupt stops all at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# Work alone this long before paying for processes: most runs of a pre-commit hook end within it.
_ALONE_S = 0.04


@dataclass(frozen=True, slots=True)
class Crashed:
    """The worker died on this item."""

    reason: str


def work_on(items: Sequence[Item], work: Callable[[Item], Answer], jobs: int) -> Iterator[tuple[int, Answer | Crashed]]:
    """(index, answer) of every item, in no particular order; `jobs` processes at most, none when one suffices."""
    if jobs <= 1 or len(items) < 2:
        yield from ((index, work(item)) for index, item in enumerate(items))
        return
    started, done = time.perf_counter(), 0
    while done < len(items) and time.perf_counter() - started < _ALONE_S:
        yield done, work(items[done])
        done += 1
    if done < len(items):
        from compatcheck.run.processes import Processes

        yield from Processes(items, work).run(list(range(done, len(items))), jobs)
