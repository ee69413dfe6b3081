"""Exit codes (README, DESIGN 7) and the mistakes that lead to them."""

from __future__ import annotations

from collections.abc import Iterable

PASSED = 0
FINDINGS = 1
USAGE = 2
INCOMPLETE = 3
INTERNAL = 99
INTERRUPTED = 130

_RANK = (PASSED, FINDINGS, INCOMPLETE, USAGE, INTERRUPTED, INTERNAL)


def worst(codes: Iterable[int]) -> int:
    """The code whose reason weighs most: what could not be checked outweighs what was found."""
    return max(codes, key=_RANK.index, default=PASSED)


class UsageMistakes(Exception):
    """Everything that is wrong with a call, told at once; exit code 2."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(dict.fromkeys(mistakes))
        super().__init__("\n".join(self.mistakes))
