"""Every file of rules/literals: its examples, as real interpreters and compatcheck see them."""

from __future__ import annotations

from typing import Any

import pytest

from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml
from tests.analyze.reach_cases import RULEBOOK, failing, problems
from tests.rules.files import absent
from tools.suite import failing as really_failing
from tools.suite.cases import VERSIONS

RULES = [read_yaml(path) for path in sorted((rules_folder() / "literals").glob("*.yaml"))]
EXAMPLES = [
    pytest.param(rule, name, code, id=f"{rule['id']}-{name}-{at}")
    for rule in RULES
    for name, codes in rule["examples"].items()
    for at, code in enumerate(codes)
]


def expected(form: dict[str, Any]) -> tuple[str, ...]:
    works = RULEBOOK.runtimes.names(RULEBOOK.runtimes.between(form.get("since"), form.get("until")))
    return tuple(version for version in VERSIONS if version not in works)


@pytest.mark.parametrize(("rule", "name", "code"), EXAMPLES)
def test_examples(rule: dict[str, Any], name: str, code: str) -> None:
    """A version before a function itself came counts, too."""
    found = [problem for problem in problems(code) if problem.kind == "literal"]
    if name == "works":
        assert not [problem for problem in found if problem.severity == "error"]
        return
    form = rule["forms"][name]
    fails = expected(form)
    assert set(fails) <= set(failing(code))
    assert [problem.message.startswith(form["says"]) for problem in found] == ([True] if fails else [])


def test_the_interpreters_say_so() -> None:
    codes = [code for rule in RULES for codes in rule["examples"].values() for code in codes]
    try:
        outcomes = really_failing([f"{code}  # texts" for code in codes])
    except LookupError as error:
        absent(str(error))
    wrong = {code: real for code, real in zip(codes, outcomes, strict=True) if failing(code) != real}
    assert not wrong
