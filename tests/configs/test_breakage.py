"""Valid files, broken in each way of tools/breakage: each is found, at the right line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.breakage.breaking import Broken, ids
from tools.breakage.judging import Judgement, found_in, judged

ROOT = Path(__file__).parents[2]
FILES = {"anvil": ROOT / "fixtures/configs/anvil.yaml", "deployment": ROOT / "anvil.yaml.example"}


@pytest.mark.parametrize("name", FILES)
def test_the_files_are_valid(name: str) -> None:
    assert found_in(FILES[name].read_bytes()) == []


def results() -> list[tuple[str, Broken, Judgement]]:
    return [(name, *pair) for name, file in FILES.items() for pair in judged(file.read_text("utf-8"))]


RESULTS = results()


@pytest.mark.parametrize(("name", "broken", "judgement"), RESULTS, ids=[f"{n} {b.id}" for n, b, _ in RESULTS])
def test_it_is_found_at_the_right_line(name: str, broken: Broken, judgement: Judgement) -> None:
    assert judgement.caught, (broken.rule, broken.lines, judgement.told)


def test_every_way_was_tried() -> None:
    assert {broken.id for _, broken, _ in RESULTS} == set(ids())
    assert len(ids()) >= 100
