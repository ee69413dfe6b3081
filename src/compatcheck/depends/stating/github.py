"""GitHub's workflows: the Pythons that actions/setup-python gets, matrices worked out with include and exclude."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.toml_tree import cut
from compatcheck.depends.versions import Versions
from compatcheck.depends.yaml_tree import Yaml, compose
from compatcheck.model.declared import Blank, Stated

NAMES = (".github/workflows/*.yml", ".github/workflows/*.yaml")
_MATRIX = re.compile(r"\$\{\{\s*matrix\.([\w-]+)\s*(?:\|\|[^}]*)?\}\}\Z")
_ACTION = re.compile(r"(?:actions/setup-python|conda-incubator/setup-miniconda|astral-sh/setup-uv)@")
_NAMES = re.compile(r"(?:python|py)(?:[-_]?versions?)?\Z|python", re.IGNORECASE)
_FLAWLESS = re.compile(r"[\w.]+\Z")
Combination = Mapping[str, Yaml]


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    document = compose(text)
    jobs = document["jobs"] if document is not None else None
    for _, job in jobs.items() if jobs is not None else ():
        yield from _job(reading, job)


def _job(reading: Reading, job: Yaml) -> Iterator[Stated]:
    matrix = job.at("strategy", "matrix")
    combinations = _combinations(matrix) if matrix is not None else None
    seen = set[int]()
    for value in _asked(job):
        text = value.value or ""
        if match := _MATRIX.match(text):
            if combinations is None:
                yield Blank("GitHub Actions", "tests")
                continue
            for chosen in combinations:
                node = chosen.get(match[1])
                if node is not None and id(node.node) not in seen:
                    seen.add(id(node.node))
                    yield from _version(reading, node, matrix)
        elif "${{" in text:
            yield Blank("GitHub Actions", "tests")
        else:
            yield from _literal(reading, value)


def _asked(job: Yaml) -> Iterator[Yaml]:
    """The `python-version` inputs of the job's steps, and of the workflow that it calls."""
    steps = job["steps"]
    for step in steps.elements() if steps is not None else ():
        uses, given = step["uses"], step.at("with", "python-version")
        if uses is not None and given is not None and _ACTION.match(uses.value or ""):
            yield given
    called = job["with"]
    if called is not None:
        for key, value in called.items():
            if _NAMES.match(key.value or "") and value.value:
                yield value


def _literal(reading: Reading, node: Yaml) -> Iterator[Stated]:
    """One version, or several lines of them."""
    words = (node.value or "").split()
    if len(words) <= 1:
        yield from reading.scalar("GitHub Actions", "uses", node)
    elif all(map(_FLAWLESS.match, words)):
        for word in words:
            yield from reading.version("GitHub Actions", "tests", word, node.place)


def _version(reading: Reading, node: Yaml, matrix: Yaml | None) -> Iterator[Stated]:
    item = None
    if matrix is not None and any(each.node is node.node for _, axis in matrix.items() for each in axis.elements()):
        item = item_of(reading.text, node)
    yield from reading.scalar("GitHub Actions", "tests", node, item)


def item_of(text: Text, node: Yaml) -> tuple[int, int]:
    """What to cut so that the list loses the node: its line after a dash, or its piece between brackets."""
    start, end = node.node.start_mark.index, node.node.end_mark.index
    begin = text.text.rfind("\n", 0, start) + 1
    if text.text[begin:start].strip() == "-":
        stop = text.text.find("\n", end)
        return begin, len(text.text) if stop < 0 else stop + 1
    return cut(text.text, start, end)


def _combinations(matrix: Yaml) -> list[Combination] | None:
    """The matrix's jobs as GitHub makes them, over the axes that hold versions; None for what only a run knows.

    An `exclude` counts when it names nothing but such axes: else some other job keeps the version.
    """
    axes: dict[str, list[Yaml]] = {}
    for key, value in matrix.items():
        if key.value not in ("include", "exclude"):
            if not value.is_list:
                return None
            axes[key.value or ""] = list(value.elements())
    lists = {name: matrix[name] for name in ("include", "exclude")}
    if any(value is not None and not value.is_list for value in lists.values()):
        return None
    included, excluded = ([*value.elements()] if value is not None else [] for value in lists.values())
    gone = [{key.value: value.value for key, value in one.items()} for one in excluded]
    found: list[Combination] = [
        {name: value} for name, values in axes.items() for value in values if {name: value.value} not in gone
    ]
    return [*found, *({key.value or "": value for key, value in one.items()} for one in included)]
