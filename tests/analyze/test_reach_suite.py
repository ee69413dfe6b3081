"""compatcheck against what the real interpreters did with every snippet of fixtures/reach."""

from __future__ import annotations

import os

import pytest

from tests.analyze.reach_cases import FIXTURES, failing
from tests.rules.files import absent
from tools.suite import Case, read
from tools.suite import failing as really_failing

CASES = [case for path in sorted(FIXTURES.glob("*.txt")) for case in read(path)]
KNOWN = [case for case in CASES if case.limit is None]
SAMPLE = 12


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case.name)
def test_right_versions(case: Case) -> None:
    assert failing(case.code) == case.fails


@pytest.mark.parametrize("case", [case for case in CASES if case.limit], ids=lambda case: case.name)
def test_limits_still_are(case: Case) -> None:
    """A limit that is gone must go from the fixture, too."""
    assert failing(case.code) != case.fails


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_few_limits() -> None:
    assert len(CASES) >= 400
    assert len(KNOWN) / len(CASES) >= 0.975


def test_labels_are_what_the_interpreters_say() -> None:
    """A sample by default, all of them where SUITE=all asks for it."""
    sample = CASES if os.environ.get("SUITE") == "all" else CASES[:: max(1, len(CASES) // SAMPLE)]
    try:
        outcomes = really_failing([case.code for case in sample])
    except LookupError as error:
        absent(str(error))
    assert [(case.name, case.fails) for case in sample] == [
        (case.name, outcome) for case, outcome in zip(sample, outcomes, strict=True)
    ]
