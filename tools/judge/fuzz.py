"""The fuzzer: on no input does compatcheck crash or hang; and, where asked to, it agrees with the interpreters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.judge.commandline import complaints
from tools.judge.compare import AT_ONCE, Comparison, Outcome, batches
from tools.judge.corpus import Choice, entries
from tools.judge.inputs import Material, inputs, rule_examples

LARGEST_MATERIAL = 60_000


def material() -> Material:
    """The interpreters' libraries with their tests, and the rules' examples."""
    files = [entry.data for entry in entries(Choice(libraries=True)) if 0 < len(entry.data) <= LARGEST_MATERIAL]
    return Material(files, rule_examples())


def through_command_line(count: int, seed: int) -> Iterator[str]:
    """What went wrong when the same inputs were files that the command line checks."""
    for batch in batches(inputs(count, seed, material()), AT_ONCE):
        yield from complaints(batch)


def fuzz(count: int, seed: int, versions: Sequence[str]) -> Iterator[Outcome]:
    """The outcome so far, after each batch; without versions no interpreter is asked."""
    comparison = Comparison(versions, remember=False)
    try:
        yield from comparison.over(inputs(count, seed, material()))
    finally:
        comparison.close()
