"""`invalid-syntax`: where no rule explains why the parser stops, in words that help; and nowhere else."""

from __future__ import annotations

import pytest

from compatcheck.analyze import Analyzer
from compatcheck.model.problems import Problem
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook

RULEBOOK = load_rulebook()
EVERYTHING = Analyzer(RULEBOOK, RULEBOOK.runtimes.cpython3)


def problems(code: str, target: str = "3.0+") -> list[Problem]:
    analyzer = EVERYTHING if target == "3.0+" else Analyzer(RULEBOOK, RULEBOOK.runtimes.parse(target).runtimes)
    return list(analyzer(Source("example.py", code.encode())).problems)


def invalid(code: str, target: str = "3.0+") -> list[Problem]:
    return [problem for problem in problems(code, target) if problem.rule == "invalid-syntax"]


@pytest.mark.parametrize(
    ("code", "line", "column", "words"),
    [
        ("x = (1,\ny = 2\n", 1, 5, "`(` is never closed"),
        ("x = [1, 2)\n", 1, 10, "`)` does not close `[`"),
        ("x = '''a)'''\ny = 1)\n", 2, 6, "`)` closes nothing"),
        ("def f(x:\n    pass\n", 1, 6, "`(` is never closed"),
        ("x = 'a\n", 1, 5, "the string is never closed"),
        ("x = '''a\n\n", 1, 5, "the string is never closed"),
        ("if x\n    pass\n", 1, 5, "`:` is missing"),
        ("if x = 1: pass\n", 1, 6, "`==` compares"),
        ("x = 1\n  y = 2\n", 2, 1, "unexpected indentation"),
        ("if x:\n  y\n z\n", 3, 1, "the indentation matches no line above"),
        ("x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> b\n", 2, 1, "merge-conflict marker"),
        ("x = 1\n=======\nx = 3\n", 2, 1, "merge-conflict marker"),
        ("import {{ app.name }}\n", 1, 8, "a template, not Python: `{{ app.name }}`"),
        ("{% if x %}\ny = 1\n", 1, 1, "a template, not Python: `{% if x %}`"),
        ("é = a ? b\n", 1, 7, "`?` means nothing in Python"),
        ("x\xa0= 1\n", 1, 2, "U+00A0 NO-BREAK SPACE cannot stand in code"),
        ("x = 1\nelse: pass\n", 2, 1, "`else` belongs to no statement"),
        ("x \\ y\n", 1, 3, "a backslash must be the last character"),
        ("f() = 1\n", 1, 1, "no value can be assigned to this"),
        ("x = {\n  'a': 1\n  'b': 2\n}\n", 3, 3, "expected `,`"),
    ],
)
def test_says_what_is_wrong_and_where(code: str, line: int, column: int, words: str) -> None:
    (problem,) = invalid(code)
    assert problem.span is not None
    assert (problem.span.line, problem.span.column) == (line, column)
    assert problem.message.startswith("invalid syntax: ")
    assert words in problem.message
    assert problem.fails == RULEBOOK.runtimes.cpython3


@pytest.mark.parametrize("target", ["3.0+", "3.6", "3.15"])
def test_one_a_file_the_first(target: str) -> None:
    (problem,) = invalid("x = 1 1\ny = = 2\nz = )\n", target)
    assert problem.span is not None and problem.span.line == 1


PYTHON2 = """\
import os, sys
class A:
    def f(self, (a, b), *c):
        if a <> b:
            print >>sys.stderr, "%s" % a, `b`
            print "a", ; print
            exec a in {}, b
        else:
            raise ValueError, "x %s" % b
        print "no", [x for x in 1, 2], not x
        try:
            print
        except (IOError, OSError), error:
            print error
"""


def test_python_2_files_give_python_2_findings_only() -> None:
    found = problems(PYTHON2)
    assert not [problem.message for problem in found if problem.rule == "invalid-syntax"]
    assert {problem.rule for problem in found if problem.message.startswith("Python 2 only")} == {
        *("tuple-parameter", "diamond-operator", "print-statement", "backtick-repr", "exec-statement"),
        *("raise-with-value", "bare-tuple-in-comprehension"),
    }


@pytest.mark.parametrize("code", ["print 'a'\nx = 1 1\n", "print 'a', (\n  b c)\n", "exec 'a' in b\ndef f(: pass\n"])
def test_python_2_does_not_hide_other_errors(code: str) -> None:
    assert len(invalid(code)) == 1


VALID_SOMEWHERE = [
    ("async = 1\n", "3.6"),
    ("def f(x, await=None): return await\n", "3.6"),
    ("x.async(y)\n", "3.6"),
    ("f(x for x in y,)\n", "3.6"),
    ("x = 1 \\\n", "3.7"),
    ("{**x for x in y}\n", "3.15"),
]


@pytest.mark.parametrize(("code", "target"), VALID_SOMEWHERE)
def test_what_some_version_accepts_is_not_invalid(code: str, target: str) -> None:
    assert not invalid(code)
    assert not [problem for problem in problems(code, target) if problem.severity == "error"]


@pytest.mark.parametrize(("code", "target"), VALID_SOMEWHERE[:4])
def test_errors_behind_it_are_found(code: str, target: str) -> None:
    assert len(invalid(f"{code}x = (1\n", target)) == 1
    assert len(invalid(f"y = 1 1\n{code}", target)) == 1


def test_what_the_parser_could_not_see_is_found_behind_it() -> None:
    found = problems("async = 1\nif (x := async): pass\n", "3.6")
    assert [problem.rule for problem in found] == ["assignment-expression"]


@pytest.mark.parametrize(
    "code", ["x = (a := 1) 2\n", "with (a as b) c: pass\n", "f'{a b}'\n", "try: pass\nexcept* A b: pass\n"]
)
def test_a_construct_beside_the_error_does_not_explain_it(code: str) -> None:
    (problem,) = invalid(code)
    assert problem.fails == RULEBOOK.runtimes.cpython3


@pytest.mark.parametrize(
    "code", ["", "\n", "# only\n", "x = 1", "if x: pass\n", "\\\n\n", "'''{{ a }}'''\n", "\f\nx = 1\n"]
)
def test_valid_code_is_not_invalid(code: str) -> None:
    assert not problems(code)
