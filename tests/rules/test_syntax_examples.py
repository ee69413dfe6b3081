"""Every rule's examples before real interpreters and before compatcheck: both must say the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compatcheck.analyze import Analyzer
from compatcheck.model.problems import Problem
from compatcheck.model.rules import Rulebook, Variant
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook
from tests.rules.files import REQUIRED_JUDGES, absent, rule_data, rule_files
from tools.judge import Verdict, compile_all, judges

WORKS = "works"


@dataclass(frozen=True, slots=True)
class Example:
    rule: str
    variant: str
    code: str

    @property
    def source(self) -> bytes:
        return self.code.encode("utf-8", "surrogateescape")


def examples_of(path: Path) -> list[Example]:
    rule = rule_data(path)
    return [Example(rule["id"], name, code) for name, codes in rule["examples"].items() for code in codes]


EXAMPLES = {path.stem: examples_of(path) for path in rule_files()}
every_rule = pytest.mark.parametrize("rule_id", EXAMPLES)


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture(scope="session")
def analyzer(rulebook: Rulebook) -> Analyzer:
    return Analyzer(rulebook, rulebook.runtimes.cpython3)


@pytest.fixture(scope="session")
def verdicts() -> Mapping[str, Mapping[str, Verdict]]:
    """By example: what each Python from 2.7 says of it; asked for all at once."""
    codes = sorted({example.code for examples in EXAMPLES.values() for example in examples})
    found = compile_all(code.encode("utf-8", "surrogateescape") for code in codes)
    return dict(zip(codes, found, strict=True))


def test_enough_interpreters_judge() -> None:
    missing = REQUIRED_JUDGES - {judge.version for judge in judges()}
    if missing:
        absent(f"no interpreter for Python {', '.join(sorted(missing, key=lambda name: int(name[2:])))}")


@every_rule
def test_interpreters_agree(rule_id: str, rulebook: Rulebook, verdicts: Mapping[str, Mapping[str, Verdict]]) -> None:
    """Each variant's examples are refused (or warned about) on exactly the versions outside its works-set."""
    if not {judge.version for judge in judges()} - {"2.7"}:
        absent("no Python 3 to judge")
    wrong = [
        f"{example.variant}: {example.code!r}: {complaint}"
        for example in EXAMPLES[rule_id]
        for complaint in _disagreements(example, rulebook, verdicts[example.code])
    ]
    assert not wrong, "\n".join(wrong)


@every_rule
def test_python_2_only_is_true(rule_id: str, rulebook: Rulebook, verdicts: Mapping[str, Mapping[str, Verdict]]) -> None:
    """What a message calls "Python 2 only" compiles on 2.7."""
    claims = [example for example in EXAMPLES[rule_id] if _claims_python_2(_variant(rulebook, example))]
    if claims and "2.7" not in {judge.version for judge in judges()}:
        pytest.skip("no Python 2.7 to judge")
    refused = [example.code for example in claims if verdicts[example.code]["2.7"].verdict == "refused"]
    assert not refused


@every_rule
def test_compatcheck_agrees(rule_id: str, rulebook: Rulebook, analyzer: Analyzer) -> None:
    """Each example gives this rule's variant on exactly its versions, `works` nothing of this rule."""
    wrong = [
        f"{example.variant}: {example.code!r}: {complaint}"
        for example in EXAMPLES[rule_id]
        for complaint in _misreports(example, rulebook, analyzer)
    ]
    assert not wrong, "\n".join(wrong)


@every_rule
def test_nothing_else_is_an_error(rule_id: str, rulebook: Rulebook, analyzer: Analyzer) -> None:
    """An example shows its own rule: no second error, and no `invalid-syntax` that the rule leaves unexplained."""
    wrong = [
        f"{example.variant}: {example.code!r}: {problem.rule}: {problem.message}"
        for example in EXAMPLES[rule_id]
        for problem in analyzer(Source("example.py", example.source)).problems
        if problem.rule == "invalid-syntax" and rule_id != "invalid-syntax"
    ]
    assert not wrong, "\n".join(wrong)


@every_rule
def test_one_target_says_what_all_say(rule_id: str, rulebook: Rulebook, analyzer: Analyzer) -> None:
    """Anchors that a target drops lose none of its findings."""
    wrong = []
    for runtime in rulebook.runtimes.members(rulebook.runtimes.cpython3):
        alone = _analyzer_for(runtime.name, rulebook)
        bit = rulebook.runtimes.parse(runtime.name).runtimes
        for example in EXAMPLES[rule_id]:
            source = Source("example.py", example.source)
            wanted = {_key(problem) for problem in analyzer(source).problems if problem.fails & bit}
            got = {_key(problem) for problem in alone(source).problems if problem.fails & bit}
            if wanted != got:
                wrong.append(f"{runtime.name}: {example.code!r}: {sorted(wanted ^ got)}")
    assert not wrong, "\n".join(wrong)


_alone: dict[str, Analyzer] = {}


def _analyzer_for(target: str, rulebook: Rulebook) -> Analyzer:
    if target not in _alone:
        _alone[target] = Analyzer(rulebook, rulebook.runtimes.parse(target).runtimes)
    return _alone[target]


def _key(problem: Problem) -> tuple[Any, ...]:
    return (problem.rule, problem.message, problem.span)


def _variant(rulebook: Rulebook, example: Example) -> Variant | None:
    rule = next(rule for rule in rulebook.syntax if rule.id == example.rule)
    return None if example.variant == WORKS else rule.variants[example.variant]


def _claims_python_2(variant: Variant | None) -> bool:
    return variant is not None and variant.message.startswith("Python 2 only")


def _disagreements(example: Example, rulebook: Rulebook, said: Mapping[str, Verdict]) -> list[str]:
    variant = _variant(rulebook, example)
    works = rulebook.runtimes.everything if variant is None else variant.works
    complaints = []
    for version, verdict in said.items():
        expected = _expected(works, version, rulebook, variant.message if variant is not None else "")
        if expected is None or not verdict.decided or _unknown_future(verdict):
            continue
        if variant is None or variant.severity == "error":
            if verdict.compiles != expected:
                complaints.append(f"{version} says {verdict.message or 'it compiles'}")
        elif not expected and not _warned(variant, verdict):
            complaints.append(f"{version} does not warn: {verdict.message or verdict.warnings}")
        elif expected and variant.confidence == "certain" and verdict.warnings:
            complaints.append(f"{version} warns: {verdict.warnings[0].message}")
    return complaints


def _expected(works: RuntimeSet, version: str, rulebook: Rulebook, message: str) -> bool | None:
    """Of 2.7 we only say something where a form came with 3.0: its message says so, unlike that of a form which no
    CPython refuses, and only platforms do.
    """
    if version != "2.7":
        return bool(works & rulebook.runtimes.parse(version).runtimes)
    return False if works == rulebook.runtimes.cpython3 and "Python 3.0" in message else None


def _unknown_future(verdict: Verdict) -> bool:
    """An example that needs a `from __future__` import says nothing about versions before that name."""
    return re.match(r"future feature \w+ is not defined", verdict.message or "") is not None


def _warned(variant: Variant, verdict: Verdict) -> bool:
    """A certain warning is the interpreter's own; of others the interpreter knows nothing."""
    return verdict.compiles and (bool(verdict.warnings) or variant.confidence != "certain")


def _misreports(example: Example, rulebook: Rulebook, analyzer: Analyzer) -> list[str]:
    problems = analyzer(Source("example.py", example.source)).problems
    own = [problem for problem in problems if problem.rule == example.rule]
    variant = _variant(rulebook, example)
    if variant is None:
        return [f"finds {problem.message!r}" for problem in own]
    if variant.severity != "error":  # where it warns, another variant may be the error of other versions
        own = [problem for problem in own if problem.severity != "error"]
    expected = rulebook.runtimes.cpython3 - variant.works
    if not own and expected:
        return ["finds nothing"]
    template = re.escape(variant.message).replace(r"\{", "{").replace(r"\}", "}")
    said = re.compile(re.sub(r"\{\w+\}", ".*", template), re.DOTALL)
    names = rulebook.runtimes.names
    return [
        f"says {problem.message!r} on {names(problem.fails)}, should be {variant.message!r} on {names(expected)}"
        for problem in own
        if not said.fullmatch(problem.message) or problem.fails != expected or problem.severity != variant.severity
    ]
