"""A deterministic slice of the fuzzer: no input makes compatcheck crash or hang."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.judge.compare import Comparison
from tools.judge.inputs import EXAMPLES, MUTATORS, NOISE, Material, inputs, rule_examples
from tools.judge.mutate import TOKEN

COUNT = 400
SEED = 20


@pytest.fixture(scope="module")
def material() -> Material:
    """Modules of the library of the Python that runs the tests, which every machine has, and the rules' examples."""
    paths = sorted(Path(os.__file__).parent.glob("*.py"))
    files = [path.read_bytes() for path in paths if 1_000 < path.stat().st_size < 20_000]
    return Material(files, rule_examples())


def test_no_input_breaks_compatcheck(material: Material) -> None:
    comparison = Comparison([])
    comparison.add(list(inputs(COUNT, SEED, material, generated=False)))
    comparison.close()
    assert comparison.outcome.files == COUNT
    broken = [(found.cause, comparison.outcome.sources[found.label]) for found in comparison.outcome.disagreements]
    assert not broken


def test_a_seed_gives_the_same_inputs(material: Material) -> None:
    first = list(inputs(100, 1, material, generated=False))
    assert first == list(inputs(100, 1, material, generated=False))
    assert first != list(inputs(100, 2, material, generated=False))


def test_every_kind_has_its_share(material: Material) -> None:
    kinds = {entry.label.rsplit("-", 2)[0] for entry in inputs(COUNT, SEED, material, generated=False)}
    assert kinds == {*MUTATORS, *EXAMPLES, *NOISE}


def test_generated_programs_have_their_share(material: Material) -> None:
    pytest.importorskip("hypothesmith")
    pytest.importorskip("pysource_codegen")
    kinds = [entry.label.rsplit("-", 2)[0] for entry in inputs(60, 3, material)]
    assert {"hypothesmith", "pysource-codegen"} <= set(kinds)
    assert len(kinds) == 60


def test_tokens_lose_nothing(material: Material) -> None:
    assert all(b"".join(TOKEN.findall(source)) == source for source in [*material.files, *material.examples])
