"""Real interpreters through their workers: what they refuse, what is only a limit, and what running gives."""

from __future__ import annotations

import pytest

from tests.rules.files import absent
from tools.judge import Judge, compile_all, judges
from tools.judge.versions import shown


def compiled_on(source: bytes, versions: list[str]) -> str:
    (verdicts,) = compile_all([source], versions)
    return shown([version for version in versions if verdicts[version].compiles], versions)


@pytest.mark.parametrize(
    ("source", "first"),
    [(b"if (n := 1): pass", 8), (b"match x:\n case 1: pass", 10), (b"f'{'a'}'", 12), (b"type X = int", 12)],
)
def test_a_version_compiles_what_its_grammar_has(source: bytes, first: int, versions: list[str]) -> None:
    expected = [version for version in versions if int(version.split(".")[1]) >= first]
    assert compiled_on(source, versions) == shown(expected, versions)


def test_the_last_version_with_async_as_a_name(versions: list[str]) -> None:
    assert compiled_on(b"async = 1", versions) == ("3.6" if "3.6" in versions else "none")


@pytest.mark.parametrize("source", [b"return 1", b"x = (", b"x = '\0'", b"# coding: none\n", b"\xff = 1", b"  x = 1"])
def test_every_version_refuses(source: bytes, versions: list[str]) -> None:
    (verdicts,) = compile_all([source], versions)
    assert {verdict.verdict for verdict in verdicts.values()} == {"refused"}
    assert all(verdict.type and verdict.message for verdict in verdicts.values())


@pytest.mark.parametrize("source", [b"(" * 5_000 + b")" * 5_000, b"a" + b".b" * 90_000, b"-" * 50_000 + b"1"])
def test_limits_of_size_are_no_refusals(source: bytes, versions: list[str]) -> None:
    (verdicts,) = compile_all([source], versions)
    assert {verdict.verdict for verdict in verdicts.values()} == {"resource"}


def test_a_long_number_is_a_limit_where_there_is_one(versions: list[str]) -> None:
    (verdicts,) = compile_all([b"x = " + b"9" * 5_000], versions)
    assert {verdicts[version].verdict for version in versions if version != "3.6"} == {"resource"}


def test_nesting_that_a_program_may_have(versions: list[str]) -> None:
    assert compiled_on(b"(" * 80 + b")" * 80, versions) == shown(versions, versions)


def test_warnings_do_not_refuse_and_are_told(versions: list[str]) -> None:
    (verdicts,) = compile_all([b"if True:\n    x is 'a'\n"], versions)
    assert all(verdict.compiles for verdict in verdicts.values())
    assert [(warning.kind, warning.line) for warning in verdicts["3.8"].warnings] == [("SyntaxWarning", 2)]
    assert verdicts["3.7"].warnings == ()


def test_verdicts_keep_the_order_of_the_sources(versions: list[str]) -> None:
    sources = [b"x = 1" if number % 3 else b"x = = %d" % number for number in range(300)]
    for version_verdicts in compile_all(sources, ["3.7", "3.13"], use_memory=False)[::50]:
        assert version_verdicts["3.7"].verdict == version_verdicts["3.13"].verdict
    verdicts = compile_all(sources, ["3.11"], use_memory=False)
    assert [row["3.11"].compiles for row in verdicts] == [bool(number % 3) for number in range(300)]


def test_what_is_remembered_is_what_was_said(versions: list[str]) -> None:
    sources = [b"def f(a, a): pass", b"x = '\\d'", b"("]
    first, again = compile_all(sources), compile_all(sources)
    assert first == again == compile_all(sources, use_memory=False)


def test_python_2_judges_too() -> None:
    if "2.7" not in {judge.version for judge in judges()}:
        absent("Python 2.7")
    verdicts = compile_all([b"print `1`, 0777, u'\xc3\xa9'", b"nonlocal x", b"x = '\0'"], ["2.7"])
    assert [row["2.7"].verdict for row in verdicts] == ["ok", "refused", "refused"]


def test_an_absent_version_is_named() -> None:
    with pytest.raises(LookupError, match=r"3\.2"):
        compile_all([b"x = 1"], ["3.2"])


def judge_of(version: str) -> Judge:
    found = [judge for judge in judges() if judge.version == version]
    if not found:
        absent(f"Python {version}")
    return found[0]


@pytest.mark.parametrize("version", ["3.8", "3.14", "3.15"])
def test_the_worker_is_the_python_it_says(version: str) -> None:
    judge = judge_of(version)
    assert judge.exact.startswith(f"{version}.")
    assert judge.python().startswith(f"{version}.")


@pytest.mark.parametrize("version", ["3.7", "3.15"])
def test_running_a_program(version: str) -> None:
    judge = judge_of(version)
    result = judge.run("import sys\nprint(sys.version_info[1], 'é')\nraise KeyError('gone')")
    assert (result.ok, result.type, result.message) == (False, "KeyError", "'gone'")
    assert result.stdout == f"{version.split('.')[1]} é\n"
    assert judge.run("x = 1").ok


def test_a_program_that_does_not_end() -> None:
    result = judge_of("3.8").run("while True: pass", seconds=0.5)
    assert not result.ok
    assert "still running" in str(result.message)
