"""The snippets of fixtures/names, against what the interpreters said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import compatcheck
from tools.suite import Case, read

FILES = sorted((Path(__file__).parents[2] / "fixtures" / "names").glob("*.txt"))
CASES = [pytest.param(case, id=f"{path.stem}-{case.name}") for path in FILES for case in read(path)]


@pytest.mark.parametrize("case", CASES)
def test_a_snippet_fails_where_interpreters_say(case: Case) -> None:
    assert case.fails is not None, "run `python -m tools.suite label`"
    if case.limit:
        pytest.skip(case.limit)
    found = compatcheck.check_source(case.code, ["3.6-3.13"]).findings
    fails = {version for finding in found if finding.severity == "error" for version in finding.fails_on}
    assert fails == set(case.fails)
