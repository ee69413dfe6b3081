"""Popular packages taken down to an old Python: what was found, what was rewritten, what compiles there afterwards."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compatcheck.fix import Work
from compatcheck.fix.fixer import Outcome
from compatcheck.model.report import Finding
from compatcheck.project import File, Project, open_project
from compatcheck.run import check
from compatcheck.run.pool import Crashed, work_on
from tools.judge import compile_all
from tools.judge.packages import Pin, fetch, pins

# Wheels of the judge's corpus that were written for new Pythons, the small ones first.
PACKAGES = (
    "flask", "requests", "click", "attrs", "starlette", "poetry-core", "black", "fastapi", "anyio", "werkzeug", "pytest",
    "trio", "rich", "tornado", "aiohttp", "libcst", "typing-extensions",
    "celery", "hypothesis", "ipython", "pydantic", "docutils", "pygments", "networkx", "boto3", "sphinx", "pip",
    "sqlalchemy", "setuptools", "nltk", "twisted", "django", "ansible-core", "sympy",
)  # fmt: skip


@dataclass(slots=True)
class Row:
    """One package. Errors are findings on the oldest target; `refuses` are files that still do not compile there."""

    name: str
    files: int = 0
    errors: int = 0
    left: int = 0
    changed: int = 0
    unparsable: int = 0
    refuses: list[str] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    again: list[str] = field(default_factory=list)  # files that a second run would change
    fixed: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def rows(target: str, names: Collection[str], *, unsafe: bool = True, guard: bool = False) -> Iterator[Row]:
    """The row of each package, taken to a target such as `3.7+`."""
    wanted = list(names or PACKAGES)
    chosen = [pin for pin in pins(wanted) if pin.python == "3.12"]
    chosen.sort(key=lambda pin: wanted.index(pin.name))
    fetch(chosen)
    for pin in chosen:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, pin.name)
            shutil.copytree(pin.folder, folder)
            yield _row(pin, folder, target, unsafe, guard)


def _row(pin: Pin, folder: Path, target: str, unsafe: bool, guard: bool) -> Row:
    oldest = target.rstrip("+").partition("-")[0]
    row = Row(f"{pin.name} {pin.version}")
    started = time.perf_counter()
    row.files, done = rewritten(folder, target, unsafe, guard)
    row.seconds = time.perf_counter() - started
    row.unparsable = sum(1 for before in _compiles(_texts(folder), oldest).values() if not before)
    for file, outcome in done:
        _count(row, outcome, oldest)
        if outcome.after is not None:
            Path(file.location).write_bytes(outcome.after)
    row.refuses = [path for path, fine in _compiles(_texts(folder), oldest).items() if not fine]
    row.again = _changed_again(folder, target, unsafe, guard, done)
    return row


def _changed_again(
    folder: Path, target: str, unsafe: bool, guard: bool, done: Sequence[tuple[File, Outcome]]
) -> list[str]:
    """The files that a second run would change; what the first left as it was, it leaves again."""
    changed = {file.path: list(outcome.left) for file, outcome in done if outcome.after is not None and outcome.left}
    project = _project(folder, target)
    files = [one for one in project.discover() if isinstance(one, File) and one.path in changed]
    fixed = _fixed(project, files, changed, unsafe, guard)
    return [file.path for file, outcome in fixed if outcome.after is not None]


def _project(folder: Path, target: str) -> Project:
    settings = {"target": [target], "cache": False, "checks": ["code"]}
    return open_project([str(folder)], settings, isolated=True, root=str(folder))


def _count(row: Row, outcome: Outcome, oldest: str) -> None:
    row.left += sum(one.severity == "error" and oldest in one.fails_on for one in outcome.left)
    row.errors += outcome.errors
    row.changed += outcome.after is not None
    row.fixed.update(outcome.fixed)
    row.reasons.update(
        f"{refusal.finding.rule}: {refusal.finding.symbol or ''}: {refusal.reason}" for refusal in outcome.refused
    )
    if outcome.kept is not None:
        row.kept[outcome.kept] += 1


def rewritten(folder: Path, target: str, unsafe: bool, guard: bool) -> tuple[int, list[tuple[File, Outcome]]]:
    """How many files there are, and what becomes of those with findings."""
    project = _project(folder, target)
    report = check(project)
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(finding.path, []).append(finding)
    files = [one for one in project.discover() if isinstance(one, File) and one.path in by_path]
    return len(report.files), list(_fixed(project, files, by_path, unsafe, guard))


def _fixed(
    project: Project, files: Sequence[File], by_path: dict[str, list[Finding]], unsafe: bool, guard: bool
) -> Iterator[tuple[File, Outcome]]:
    work = Work(project, [file.settings for file in files], (), unsafe, guard)
    for index, outcome in work_on([(file, by_path[file.path]) for file in files], work, 2):
        if isinstance(outcome, Crashed):
            raise RuntimeError(f"{files[index].path}: {outcome.reason}")
        yield files[index], outcome


def _texts(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.py"))}


def _compiles(texts: dict[str, bytes], version: str) -> dict[str, bool]:
    verdicts = compile_all(texts.values(), [version])
    return {path: bool(found[version].compiles) for path, found in zip(texts, verdicts, strict=True)}
