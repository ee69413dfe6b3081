"""A notebook's analysis: syntax cell by cell, the library over all: later cells use what earlier ones import."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from compatcheck.analyze.comments import comments_of
from compatcheck.analyze.notebook import Cell
from compatcheck.analyze.places import Places
from compatcheck.analyze.syntax.frames import scope
from compatcheck.analyze.tree import Tree
from compatcheck.model.problems import Analysis, Problem

Rules = Callable[[Tree], list[Problem]]
# IPython runs a cell as if it were the body of an async function.
_ASYNC = frozenset(
    {
        "async-comprehension-outside-async-function",
        "async-statement-outside-async-function",
        "await-outside-async-function",
    }
)


def in_cells(cells: Sequence[Cell], syntax: Rules, library: Rules, runs: Callable[[list[Problem]], bool]) -> Analysis:
    """Problems and comments of all cells; `runs` says of the syntax problems of a cell whether it runs anywhere."""
    problems, comments, texts = [], [], []
    for cell in cells:
        tree = Tree(cell.code)
        found = [problem for problem in syntax(tree) if not _awaits_in_cell(problem, tree)]
        problems += [_in_cell(problem, cell.number, 0) for problem in found]
        comments += [replace(each, span=replace(each.span, cell=cell.number)) for each in comments_of(cell.code, tree)]
        texts.append(cell.code if runs(found) else b"\n" * cell.code.count(b"\n"))
    problems += _mapped(library(Tree(b"\n".join(texts))), cells)
    return Analysis(tuple(problems), tuple(comments))


def _mapped(problems: Sequence[Problem], cells: Sequence[Cell]) -> Iterator[Problem]:
    """Places in the joined text to places in cells."""
    starts = [0]
    for cell in cells:
        starts.append(starts[-1] + cell.code.count(b"\n") + 1)
    for problem in problems:
        line = problem.span.line if problem.span else 1
        index = bisect_right(starts, line - 1) - 1
        yield _in_cell(problem, cells[index].number, starts[index])


def _in_cell(problem: Problem, number: int, before: int) -> Problem:
    span = problem.span
    if span is None:
        return problem
    return replace(problem, span=replace(span, line=span.line - before, end_line=span.end_line - before, cell=number))


def _awaits_in_cell(problem: Problem, tree: Tree) -> bool:
    """Whether the problem is `await` at the top of a cell, where it is none."""
    if problem.rule not in _ASYNC or problem.span is None:
        return False
    node = tree.node_at(Places(tree.code).offset(problem.span.line, problem.span.column))
    around = scope(node)
    while around.kind in ("comprehension", "generator"):
        around = scope(around.node)
    return around.kind == "module"
