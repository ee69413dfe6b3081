"""Only what a change brings: findings on its lines, and those elsewhere that the code before it did not have."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import cached_property

from compatcheck.model.report import Finding, Report, Suppressed
from compatcheck.project import Project
from compatcheck.project.files import inside, read_if_there
from compatcheck.project.gitfiles import git_top
from compatcheck.report.counting import with_findings
from compatcheck.report.differences import content_of
from compatcheck.run.git import GitError, Repository

CheckAt = Callable[[str, Sequence[str]], Report]
_LARGEST = 16 << 20
_ALIKE = 0.6  # of the lines of a file that has a new name


def only_changed(report: Report, project: Project, revision: str, check_at: CheckAt) -> Report:
    """The report on what changed since a revision, the work tree's own changes included. Raises GitError.

    `check_at` checks some of the project's files as they were, with its root in a folder that holds the revision's.
    """
    top = git_top(project.root)
    if top is None:
        raise GitError(f"{project.root!r} is in no git repository")
    repository = Repository(os.path.realpath(top))
    commit = repository.commit(revision)
    with tempfile.TemporaryDirectory(prefix="compatcheck-") as folder:
        repository.write(commit, folder)
        before = _Before(os.path.join(folder, os.path.relpath(project.root, repository.top)), project.root, check_at)
        touched = [one for one in report.findings if before.lacks_line(one)]
        known = {id(one) for one in touched}
        new = [one for one in report.findings if id(one) in known or before.lacks(one)]
    kept = {id(one) for one in new}
    old = [
        Suppressed(one, f"not changed since {revision}", "unchanged") for one in report.findings if id(one) not in kept
    ]
    return with_findings(replace(report, run=replace(report.run, diff_base=revision)), new, old)


class _Before:
    """The code before the change, below `folder`; the code after it is below `root`."""

    def __init__(self, folder: str, root: str, check_at: CheckAt) -> None:
        self._folder = os.path.normpath(folder)
        self._root = root
        self._check_at = check_at
        self._kept: dict[str, tuple[str, Mapping[int, int]]] = {}
        self._placeless: set[str] = set()

    def lacks_line(self, one: Finding) -> bool:
        """Whether a line of the finding is new."""
        if one.line is None or one.cell is not None:
            self._placeless |= {one.path} if self._read(self._folder, one.path) is not None else set()
            return False
        _, kept = self._lines(one.path)
        return any(line not in kept for line in range(one.line, (one.end_line or one.line) + 1))

    def lacks(self, one: Finding) -> bool:
        """Whether the code before did not have this finding, whose lines are all old."""
        if one.line is None or one.cell is not None:
            return self._lacks_content(one)
        path, kept = self._lines(one.path)
        there = self._at.get((path, kept[one.line], one.rule, one.symbol), frozenset())
        return not set(one.fails_on) <= there

    def _lacks_content(self, one: Finding) -> bool:
        """Without a line of a file: as many as there were of the same content are old."""
        key = (one.path, *content_of(one))
        self._contents[key] -= 1
        return self._contents[key] < 0

    def _lines(self, path: str) -> tuple[str, Mapping[int, int]]:
        """The path that a file had, and of each line that stayed its number then."""
        if path not in self._kept:
            after = self._read(self._root, path)
            old, before = path, self._read(self._folder, path)
            if before is None and after is not None:
                old, before = self._renamed(path, after)
            self._kept[path] = old, {} if before is None or after is None else kept_lines(before, after)
        return self._kept[path]

    def _renamed(self, path: str, after: bytes) -> tuple[str, bytes | None]:
        """The file that is gone and has most of these lines."""
        lines = Counter(after.splitlines())
        most = max(sum(lines.values()), 1)
        best, found = _ALIKE, (path, None)
        for old, before in self._gone.items():
            share = sum((lines & before).values()) / max(most, sum(before.values()))
            if share >= best:
                best, found = share, (old, self._read(self._folder, old))  # type: ignore[assignment]
        return found

    @cached_property
    def _gone(self) -> dict[str, Counter[bytes]]:
        """The lines of every Python file that has another name now, or none."""
        gone = {}
        for folder, _, names in os.walk(self._folder):
            for name in names:
                old = os.path.relpath(os.path.join(folder, name), self._folder).replace(os.sep, "/")
                if name.endswith((".py", ".pyw", ".pyi")) and not os.path.lexists(os.path.join(self._root, old)):
                    gone[old] = Counter((self._read(self._folder, old) or b"").splitlines())
        return gone

    @cached_property
    def _report(self) -> Report:
        paths = {path for path, kept in self._kept.values() if kept} | self._placeless
        return self._check_at(self._folder, [os.path.join(self._folder, path) for path in sorted(paths)])

    @cached_property
    def _at(self) -> Mapping[tuple[str, int, str, str | None], frozenset[str]]:
        """On which runtimes the code before failed, by place and rule."""
        places: dict[tuple[str, int, str, str | None], frozenset[str]] = {}
        for one in self._report.findings:
            if one.line is not None:
                key = one.path, one.line, one.rule, one.symbol
                places[key] = places.get(key, frozenset()) | set(one.fails_on)
        return places

    @cached_property
    def _contents(self) -> Counter[tuple[str, ...]]:
        return Counter((one.path, *content_of(one)) for one in self._report.findings)

    def _read(self, folder: str, path: str) -> bytes | None:
        location = os.path.realpath(os.path.join(folder, path))
        return read_if_there(location, _LARGEST) if inside(location, os.path.realpath(folder)) else None


def kept_lines(before: bytes, after: bytes) -> dict[int, int]:
    """The lines that both have, from a number after to the number before. Line ends do not count."""
    old, new = before.splitlines(), after.splitlines()
    head = _alike(zip(old, new, strict=False))
    tail = _alike(zip(reversed(old[head:]), reversed(new[head:]), strict=False))
    kept = {line: line for line in range(1, head + 1)}
    matcher = SequenceMatcher(None, old[head : len(old) - tail], new[head : len(new) - tail], autojunk=False)
    for a, b, size in matcher.get_matching_blocks():
        kept |= {head + b + number: head + a + number for number in range(1, size + 1)}
    return kept | {len(new) - number: len(old) - number for number in range(tail)}


def _alike(pairs: Iterable[tuple[bytes, bytes]]) -> int:
    count = 0
    for one, other in pairs:
        if one != other:
            break
        count += 1
    return count
