"""Shrinking keeps what matters and leaves out the rest."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tools.judge import shrink
from tools.judge.compare import Disagreement, Outcome
from tools.judge.corpus import Entry
from tools.judge.shrink import shrunk, smallest

SOURCE = b"""\
import a, b

class C:
    def method(self):
        if a:
            return needle(1, 2)
        return None

def f():
    return '''
text'''
"""


class Finder:
    """Disagrees, where the text has the needle inside of a function."""

    def __init__(self, versions: Sequence[str], processes: int, remember: bool) -> None:
        self.outcome = Outcome()

    def add(self, batch: Sequence[Entry]) -> None:
        for entry in batch:
            if b"needle" in entry.data.partition(b"def ")[2]:
                self.outcome.disagreements.append(found_in(entry.label, "name 'other' is bad"))

    def close(self) -> None:
        pass


def found_in(label: str, cause: str = "name 'needle' is bad") -> Disagreement:
    return Disagreement(label, "3.8", "missed", cause, 1, "")


@pytest.fixture(autouse=True)
def finder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shrink, "Comparison", Finder)


def test_only_what_is_needed_stays() -> None:
    assert shrunk(SOURCE, found_in("a")).split() == [b"def", b"needle"]


def test_another_cause_is_not_the_same() -> None:
    assert shrunk(SOURCE, found_in("a", cause="something else")) == SOURCE


def test_each_cause_once_from_its_shortest_source() -> None:
    sources = {"long": SOURCE, "short": b"def f(needle): pass"}
    found = list(smallest(Outcome(disagreements=[found_in("long"), found_in("short")], sources=sources)))
    assert [(one.label, data.split()) for one, data in found] == [("short", [b"def", b"needle"])]
