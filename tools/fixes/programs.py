"""Generated programs before and after: the same output on a new Python before, on an old and a new one after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from compatcheck.fix import Fixes
from tools.fixes import match_programs, string_programs, walrus_programs
from tools.fixes.outputs import outputs

# What makes them, and the Python that reads them.
KINDS: dict[str, tuple[Callable[[Random], str], str]] = {
    "match": (match_programs.program, "3.13"),
    "walrus": (walrus_programs.program, "3.13"),
    "f-strings": (string_programs.string_program, "3.13"),
    "unpacking": (string_programs.unpacking_program, "3.15"),
}
BATCH = 250


@dataclass(frozen=True, slots=True)
class Difference:
    """A program that behaves otherwise after its fix, or that was not fixed."""

    kind: str
    seed: int
    before: str
    after: str
    why: str


def differences(
    kind: str, seeds: Sequence[int], old: str = "3.7", counts: Counter[str] | None = None
) -> Iterator[Difference]:
    """The programs of these seeds that fail; `counts` gets how many were fixed, refused and left out."""
    make, new = KINDS[kind]
    fixes = Fixes([f"{old}+"], unsafe=True)
    told = counts if counts is not None else Counter()
    for start in range(0, len(seeds), BATCH):
        chosen = seeds[start : start + BATCH]
        before = {seed: make(Random(seed)) for seed in chosen}
        printed = dict(zip(chosen, outputs(new, list(before.values())), strict=True))
        after: dict[int, str] = {}
        for seed, text in before.items():
            if "SyntaxError" in printed[seed]:
                told["no Python reads it"] += 1
                continue
            outcome = fixes(text)
            if outcome.after is None:
                told["refused" if outcome.refused else "nothing to do"] += 1
                if not outcome.refused and outcome.kept:
                    yield Difference(kind, seed, text, "", outcome.kept)
                continue
            told["fixed"] += 1
            after[seed] = outcome.after.decode()
        for version in (old, new if new != "3.15" else "3.13"):
            for seed, output in zip(after, outputs(version, list(after.values())), strict=True):
                if output != printed[seed]:
                    why = f"{version} prints\n{output}\ninstead of\n{printed[seed]}"
                    yield Difference(kind, seed, before[seed], after[seed], why)
