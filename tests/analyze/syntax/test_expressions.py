"""Expressions, calls, parameters and types: places, messages, and what looks like a finding and is none."""

from __future__ import annotations

import pytest

from compatcheck.analyze import Analyzer
from compatcheck.model.problems import Problem
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook

RULEBOOK = load_rulebook()
ANALYZER = Analyzer(RULEBOOK, RULEBOOK.runtimes.parse("3.6-3.15").runtimes)


def problems(code: str) -> list[Problem]:
    found = ANALYZER(Source("example.py", code.encode())).problems
    return [problem for problem in found if problem.kind == "syntax" and problem.severity == "error"]


def places(code: str) -> list[tuple[str, int, int, int, int]]:
    """(rule, line, column, end line, end column) of each error."""
    spans = [(problem.rule, problem.span) for problem in problems(code) if problem.span]
    return [(rule, span.line, span.column, span.end_line, span.end_column) for rule, span in spans]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("x[a, *b.c(d)]\n", ("star-in-index", 1, 6, 1, 13)),
        ("x = [*a or b]\ny = [*a.b for c in d]\n", ("invalid-syntax", 1, 7, 1, 8)),
        ("é = 'é'; [*a.b for c in d]\n", ("unpacking-in-comprehension", 1, 11, 1, 15)),
        ("def f(a, *b: *c | d): pass\n", ("star-annotation", 1, 14, 1, 20)),
        ("def f():\n    return a, *b[0]\n", ("star-in-return", 2, 15, 2, 20)),
        ("if (n := a(\n    1)) > 2: pass\n", ("assignment-expression", 1, 5, 2, 7)),
        ("f(b, ((a)) = 1)\n", ("parenthesised-keyword", 1, 6, 1, 13)),
        ("@a.b[0] # c\ndef f(): pass\n", ("relaxed-decorator", 1, 2, 1, 8)),
        ("x: Tuple[int, str] = 1, f(\n    2)\n", ("annotated-assignment-value", 1, 22, 2, 7)),
        ("class A[T, U: int](B): pass\n", ("type-parameters", 1, 8, 1, 19)),
        ("def f[T, U: int = str](): pass\n", ("type-parameters", 1, 10, 1, 22)),
        ("if x: type Y = 1\n", ("type-statement", 1, 7, 1, 13)),
        ("x.async = 1\n", ("async-name", 1, 3, 1, 8)),
        ("def f():\n    x = yield % 2\n", ("operator-after-yield", 2, 9, 2, 16)),
    ],
)
def test_place(code: str, expected: tuple[str, int, int, int, int]) -> None:
    assert expected in places(code)


def test_names_in_messages() -> None:
    code = "class A[Tea = int]: pass\ntype Cake = int\nf((bun)=1)\nimport a.await\n"
    messages = " ".join(problem.message for problem in problems(code))
    assert all(f"`{name}`" in messages for name in ("Tea", "bun", "await"))


@pytest.mark.parametrize(
    "code",
    [
        '"""\nreturn *a, b\n* item\n@x[0]\ntype X = int\nx: int = 1, 2\n[*a for a in b]\nf((a)=1)\n"""\n',
        "# x[*a], (a := 1), lambda a, /: b, async = 1\n",
        "s = 'x[*a]', \"f((a)=1)\", r'def f[T](): pass'\n",
        "x = a[b] * c[d], e ** f, [g * h]\n",
        "print(*[a for a in b], sep='', **{c: d for c in e})\n",
        "def f(a, *args, b=1 / 2, **kwargs): return args / b\n",
        "f(a,\n  *b,\n  c=d)\n",
        "x = [\n    *a,\n    *b,\n]\n",
        "def f(\n    a: int = 1,\n    b: str = '',\n) -> None: pass\n",
        "class A:\n    a: int = 1\n    b: Dict[str, int] = {'c': 1, 'd': 2}\n",
        "x = {a: b == c, d: e}\nx[a:b] = c, d\n",
        "if a: b, c = d, e\n",
        "@a.b(c, *d, e=[f for f in g])\n@h\ndef i(): pass\n",
        "type = 1\ntype.x = type(type)[type]\nprint(type)\nmatch = case = 1\nmatch[case] = type\n",
        "for type in a: type\n",
        "async def f():\n    async for a in b: await c\n    return [d async for d in e]\n",
        "x = f'{a:=5}{b!r:>{c}}{d[0]:%Y-%m-%d}'\n",
        "for x in a * b, c: pass\nfor x, *y in z: pass\n",
        "def f():\n    x = yield\n    if x: return (yield) % 2\n",
        "x = (yield_ % 2)\n",
        "with a as b, c as (d, *e): pass\n",
        "*a, b = c\nx = *a, b\n",
    ],
)
def test_clean(code: str) -> None:
    assert not problems(code)


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("x \\\n [ # a\n\n # *\n * a]\n", "star-in-index"),
        ("x['a(', *b]\n", "star-in-index"),
        ("x[f'{a[\"b\"]}(', *c]\n", "star-in-index"),
        ("[\n # a\n *b\n for b in c]\n", "unpacking-in-comprehension"),
        ("def f():\n    return '*', \\\n        *a\n", "star-in-return"),
        ("def f():\n    return g('(',\n        [b]), *a\n", "star-in-return"),
        ("for x in f(')'),*a: pass\n", "star-in-for"),
        ("x\t:\tint\t=\t'(',\t1\n", "annotated-assignment-value"),
        ("x: A['='] = 1, 2\n", "annotated-assignment-value"),
        ("@ a . b () ()\ndef f(): pass\n", "relaxed-decorator"),
        ("\x0c@(a)\ndef f(): pass\n", "relaxed-decorator"),
        ("def f(a, # /\n\n / # b\n): pass\n", "positional-only-parameters"),
        ("def \\\n f \\\n [T](): pass\n", "type-parameters"),
        ("type \\\n X \\\n = a\n", "type-statement"),
        ("f(\n(\na\n)\n= 1)\n", "parenthesised-keyword"),
    ],
)
def test_odd_spacing(code: str, rule: str) -> None:
    assert rule in {problem.rule for problem in problems(code)}


def test_async_words_in_an_async_function_were_keywords_before() -> None:
    plain, inside = problems("def f(): a.async\n")[0], problems("async def f(): a.async\n")[0]
    names = RULEBOOK.runtimes.names
    assert "3.6" not in names(plain.fails)
    assert "3.6" in names(inside.fails)


def test_one_call_too_many() -> None:
    def call(count: int) -> list[Problem]:
        return problems(f"x = f({', '.join(f'a{number}' for number in range(count))})\n")

    assert not call(255)
    assert [(problem.rule, "256" in problem.message) for problem in call(256)] == [("many-arguments", True)]


def test_deep_strings_and_long_lines_end() -> None:
    nested = "x"
    for _ in range(60):
        nested = f'f"{{{nested}}}"'
    data = ", ".join(f"'a{number}': [{number}, *b]" for number in range(3000))
    found = {problem.rule for problem in problems(f"y[{nested}, *z]\nd = {{{data}}}\n")}
    assert "star-in-index" in found
