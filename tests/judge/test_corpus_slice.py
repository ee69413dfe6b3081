"""A slice of the corpus: real files on which parsers differ, every one judged on every version."""

from __future__ import annotations

import re

import pytest

from tests.rules.files import absent
from tools.judge import judges, summary
from tools.judge.compare import Comparison
from tools.judge.corpus import Entry, entries_of
from tools.judge.literals import programs

# The library tests that are about syntax, and the files that are there because they do not parse.
TELLING = re.compile(
    r"/(?:bad_?(?:syntax|coding)\w*|test_(?:future\d*|keywordonlyarg|positional_only_arg|unpack_ex|unpack|pep646_syntax"
    r"|named_expressions|type_aliases|setcomps|dictcomps|listcomps|flufl|string_literals|global|dict_?comps|decorators"
    r"|exception_variations|except_star|except_group|utf8source|pep3120|pep263|coding|int_literal|eof|syntax|genexps))\.py$"
    r"|/lib2to3/tests/data/(?:\w+\.py|fixers/\w+\.py)$"
)
WITH_PROGRAMS = re.compile(
    r"^python-3\.13\.\d+/test/test_(?:syntax|positional_only_arg|named_expressions|type_params)\.py$"
)
LARGEST = 40_000


@pytest.fixture(scope="module")
def files(versions: list[str]) -> list[Entry]:
    found = entries_of([judge.interpreter for judge in judges()], TELLING)
    if len(found) < 100:
        absent("the interpreters' Lib/test")
    return [entry for entry in found if len(entry.data) <= LARGEST]


def disagreements(entries: list[Entry], versions: list[str]) -> str:
    comparison = Comparison(versions)
    comparison.add(entries)
    comparison.close()
    assert comparison.outcome.files == len(entries)
    return "\n".join(summary.lines(comparison.outcome, versions)) if comparison.outcome.disagreements else ""


def test_compatcheck_agrees_with_every_interpreter_on_files(files: list[Entry], versions: list[str]) -> None:
    assert disagreements(files, versions) == ""


def test_compatcheck_agrees_on_the_programs_inside_of_tests(versions: list[str]) -> None:
    entries = entries_of([judge.interpreter for judge in judges() if judge.version == "3.13"], WITH_PROGRAMS)
    assert disagreements(programs(entries), versions) == ""
