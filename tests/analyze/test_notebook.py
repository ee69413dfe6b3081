"""Notebooks: what of a cell is Python, and where findings are."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.analyze import Analyzer
from compatcheck.analyze.notebook import Cell, cells, python_of
from compatcheck.model.problems import Analysis
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook


def notebook(*sources: str | list[str], **metadata: object) -> bytes:
    raw: list[object] = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": raw, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def analysed(*sources: str, target: str = "3.7") -> Analysis:
    rulebook = load_rulebook()
    scope = rulebook.runtimes.parse(target).runtimes
    return Analyzer(rulebook, scope)(Source("n.ipynb", notebook(*sources), "notebook"))


def places(analysis: Analysis) -> list[tuple[str, int | None, int, int]]:
    assert all(problem.span for problem in analysis.problems)
    return [(each.rule, each.span.cell, each.span.line, each.span.column) for each in analysis.problems if each.span]


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("!pip install \\\n   x\ny", "pass\n\ny"),
        ("if x:\n    %time y()\n    !ls", "if x:\n    pass\n    pass"),
        ("x = !ls\ny = %env HOME \\\n  a\nz", "x = get_ipython()\ny = get_ipython()\n\nz"),
        ("len?\n?len\nx.y??\n", "pass\npass\npass\n"),
        (",f a b\n;f a b\n/f a", "pass\npass\npass"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%timeit -n 3 \\\n  -r 1\nx = 1\n", "\n\n\nx = 1\n"),
        ("%%bash\nls | wc\n", "\n\n"),
        ("%%html\n<b>", "\n"),
        ("x = 1\r\n%m\r\ny", "x = 1\npass\ny"),
    ],
)
def test_what_only_ipython_understands_is_passed_over(cell: str, python: str) -> None:
    assert python_of(cell) == python


@pytest.mark.parametrize(
    "cell",
    [
        "x = (1\n  % 2)",
        "x = '''\n%time\n!ls\n'''",
        "x = 1 \\\n  % 2",
        "x %= 2\nx != 3\nx = y % z",
        "# why?\nx = 'what?'  # really?",
        "f'{x!r}'",
        "x = [  # ]\n'?', '''\n''', \"\\\"[\"\n]\n",
        "x = a ? b",  # a mistake, to be reported as one
        "",
    ],
)
def test_python_is_left_alone(cell: str) -> None:
    assert python_of(cell) == cell


@given(st.text(alphabet="ab1 \n\t\\'\"#%!?=()[]{},;/:é\0"))
def test_lines_are_kept_whatever_stands_in_the_cell(cell: str) -> None:
    assert python_of(cell).count("\n") == cell.count("\n")


def test_cells_are_numbered_as_people_count_them() -> None:
    raw = {"cell_type": "markdown", "source": "text"}
    data = json.loads(notebook("", ["a = 1\n", "b"], "%%bash\nls", "c"))
    data["cells"].insert(0, raw)
    assert cells(json.dumps(data).encode()) == [Cell(3, b"a = 1\nb"), Cell(5, b"c")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a notebook: Expecting value"),
        (b"\xff", "not a notebook: 'utf-8' codec"),
        (b"[1]", "not a notebook: no JSON object"),
        (b'{"nbformat": 4}', "not a notebook: it has no list of cells"),
        (b'{"nbformat": 3, "worksheets": []}', "a notebook of format 3: convert it"),
        (b"[" * 200_000, "not a notebook: "),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    told = cells(data)
    assert isinstance(told, str) and told.startswith(reason)
    rulebook = load_rulebook()
    analysis = Analyzer(rulebook, rulebook.runtimes.cpython3)(Source("n.ipynb", data, "notebook"))
    assert analysis == Analysis(unreadable=told)


@pytest.mark.parametrize(
    ("metadata", "count"),
    [
        ({}, 1),
        ({"kernelspec": {"name": "python3"}}, 1),
        ({"language_info": {"name": "python"}, "kernelspec": {"name": "my-env"}}, 1),
        ({"kernelspec": {"name": "ir", "language": "R"}}, 0),
        ({"language_info": {"name": "julia"}}, 0),
        ({"kernelspec": 3}, 1),
    ],
)
def test_kernels_of_other_languages_hold_nothing_to_check(metadata: dict[str, object], count: int) -> None:
    assert len(cells(notebook("x = 1", **metadata))) == count


@pytest.mark.parametrize("raw", [[3], [{"cell_type": "code"}], [{"cell_type": "code", "source": {}}], [None]])
def test_odd_cells_are_no_trouble(raw: list[object]) -> None:
    assert cells(json.dumps({"nbformat": 4, "cells": raw}).encode()) == []


def test_findings_point_to_cell_and_line() -> None:
    analysis = analysed("%time\nx = 1", "\nif (n := 1): pass\n", "é = (m := 2)")
    assert places(analysis) == [("assignment-expression", 2, 2, 5), ("assignment-expression", 3, 1, 6)]


def test_one_broken_cell_does_not_spoil_the_others() -> None:
    assert [(rule, cell) for rule, cell, *_ in places(analysed("x = (", "y = (n := 1)"))] == [
        ("invalid-syntax", 1),
        ("assignment-expression", 2),
    ]


def test_await_at_the_top_of_a_cell_is_fine_but_not_in_a_function() -> None:
    fine = analysed("await x", "async with a: pass", "async for b in c: pass", "[d async for d in e]", target="3.8")
    assert places(fine) == []
    told = places(analysed("def f():\n    await x\n", "return 1", target="3.8"))
    assert [(rule, cell, line) for rule, cell, line, _ in told] == [
        ("await-outside-async-function", 1, 2),
        ("return-outside-function", 2, 1),
    ]


def test_later_cells_know_what_earlier_ones_imported() -> None:
    assert [place[1:3] for place in places(analysed("import math", "x = (", "\nmath.prod([1])"))] == [(2, 1), (3, 2)]


def test_comments_know_their_cell() -> None:
    (comment,) = analysed("x = 1", "\n(n := 1)  # compatcheck: ignore[assignment-expression]").comments
    assert (comment.span.cell, comment.span.line, comment.lines) == (2, 2, (2, 2))
