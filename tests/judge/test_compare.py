"""What counts as a disagreement, and how it is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.judge import Verdict, summary
from tools.judge.compare import Outcome, compare
from tools.judge.corpus import Entry
from tools.judge.opinion import Claim, Opinion

OK = Verdict("ok")
REFUSED = Verdict("refused", "SyntaxError", "name 'x' is bad", 3)
LIMIT = Verdict("resource", "MemoryError", "")
WALRUS = Claim("assignment-expression", 3, "`:=` needs Python 3.8")


def outcome_of(said: Opinion, verdicts: dict[str, Verdict]) -> Outcome:
    outcome = Outcome()
    compare(outcome, Entry("a.py", b"source"), said, verdicts)
    return outcome


def test_agreement_on_both_sides() -> None:
    outcome = outcome_of(Opinion({"3.7": WALRUS}), {"3.7": REFUSED, "3.8": OK})
    assert (outcome.files, outcome.pairs, outcome.disagreements, outcome.sources) == (1, 2, [], {})


def test_both_directions() -> None:
    outcome = outcome_of(Opinion({"3.8": WALRUS}), {"3.7": REFUSED, "3.8": OK})
    found = [(d.version, d.direction, d.cause, d.line) for d in outcome.disagreements]
    assert found == [
        ("3.7", "missed", "SyntaxError: name 'x' is bad", 3),
        ("3.8", "false alarm", "assignment-expression", 3),
    ]
    assert outcome.sources == {"a.py": b"source"}


@pytest.mark.parametrize("data", [b"# \xff", b"# coding: ascii\n# \xc3\xa9", b"# coding: none\n"])
def test_a_source_that_is_no_text_does_not_compile(data: bytes) -> None:
    outcome = Outcome()
    compare(outcome, Entry("a.py", data), Opinion(), {"3.8": OK})
    assert [d.direction for d in outcome.disagreements] == ["missed"]


def test_limits_stand_apart() -> None:
    outcome = outcome_of(Opinion({"3.8": WALRUS}), {"3.7": LIMIT, "3.8": LIMIT})
    assert not outcome.disagreements
    assert len(outcome.undecided) == 2


def test_giving_up_is_a_limit_only_where_the_interpreter_gives_up_too() -> None:
    outcome = outcome_of(Opinion(unreadable="nested too deeply"), {"3.7": LIMIT, "3.8": OK})
    assert [(d.version, d.direction) for d in outcome.disagreements] == [("3.8", "failed")]
    assert len(outcome.undecided) == 1


def test_a_failure_is_one_disagreement_even_without_verdicts() -> None:
    outcome = outcome_of(Opinion(failure="Traceback\nKeyError: 'x'"), {"3.7": OK, "3.8": OK})
    assert [d.direction for d in outcome.disagreements] == ["failed"]
    assert [d.cause for d in outcome_of(Opinion(failure="died"), {}).disagreements] == ["died"]


def test_causes_are_grouped_without_names_and_numbers() -> None:
    outcome = outcome_of(Opinion(), {"3.7": REFUSED, "3.8": Verdict("refused", "SyntaxError", "name 'y2' is bad", 1)})
    lines = list(summary.lines(outcome, ["3.7", "3.8"]))
    assert lines[1] == "files: 1   pairs: 2   agreements: 0"
    assert "missed: SyntaxError: name '…' is bad   (2 pairs, 1 files)" in lines[2]
    assert lines[-1] == "disagreements: 2 in 1 groups"


def test_everything_is_written(tmp_path: Path) -> None:
    summary.write(tmp_path / "out.json", outcome_of(Opinion(), {"3.7": REFUSED, "3.8": LIMIT}))
    written = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert [d["version"] for d in written["disagreements"]] == ["3.7"]
    assert [u["version"] for u in written["undecided"]] == ["3.8"]
