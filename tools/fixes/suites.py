"""Test suites of packages on their own floor, before and after their code was taken down."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.fixes.packages import rewritten
from tools.judge import judges

SECONDS = 900
_COUNT = re.compile(r"(\d+) (passed|failed|error|errors)\b")


@dataclass(frozen=True, slots=True)
class Suite:
    """A source distribution, the Python of its floor, where its code lies, and how its tests are run."""

    requirement: str
    floor: str
    code: str
    tests: tuple[str, ...] = ("-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider")
    needs: tuple[str, ...] = ("pytest<9",)


# Pure Python, few dependencies, tests in the source distribution.
SUITES = (
    Suite("more-itertools==10.8.0", "3.9", "more_itertools", ("-m", "unittest", "-q", "tests.test_more"), ()),
    Suite("blinker==1.9.0", "3.9", "src", needs=("pytest<9", "pytest-asyncio")),
    Suite("pluggy==1.6.0", "3.9", "src"),
    Suite("iniconfig==2.1.0", "3.8", "src"),
    Suite("packaging==25.0", "3.8", "src", needs=("pytest<9", "pretend")),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the tests said before and after; `files` were rewritten."""

    name: str
    files: int
    before: str
    after: str


def run(suite: Suite, target: str) -> Outcome:
    """Fetches the package, runs its tests, takes its code to the target, and runs them again."""
    python = next(str(judge.interpreter.path) for judge in judges() if judge.version == suite.floor)
    with tempfile.TemporaryDirectory() as scratch:
        folder = _source(suite, Path(scratch))
        environment = Path(scratch, "venv")
        _call([python, "-m", "venv", str(environment)])
        inside = environment / "bin" / "python"
        if suite.needs:
            _call([str(inside), "-m", "pip", "install", "-q", *suite.needs])
        before = _tests(suite, inside, folder)
        _, done = rewritten(folder / suite.code, target, unsafe=True, guard=False)
        for file, outcome in done:
            if outcome.after is not None:
                Path(file.location).write_bytes(outcome.after)
        changed = sum(outcome.after is not None for _, outcome in done)
        return Outcome(suite.requirement.replace("==", " "), changed, before, _tests(suite, inside, folder))


def _source(suite: Suite, scratch: Path) -> Path:
    fetched = scratch / "sdist"
    _call([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary=:all:",
           "-d", str(fetched), suite.requirement])  # fmt: skip
    (archive,) = fetched.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        tar.extractall(scratch / "source", filter="data")
    (folder,) = (scratch / "source").iterdir()
    return folder


def _tests(suite: Suite, python: Path, folder: Path) -> str:
    """`241 passed`, as the runner counts."""
    command = [str(python), *suite.tests]
    environment = {"PYTHONPATH": str(folder / suite.code if suite.code == "src" else folder), "PATH": ""}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=SECONDS)
    said = done.stdout + done.stderr
    if found := _COUNT.findall(said):
        return ", ".join(f"{count} {what}" for count, what in found)
    ran = re.search(r"Ran (\d+) tests?", said)
    return f"{ran[1]} {'passed' if done.returncode == 0 else 'run, some failed'}" if ran else said[-300:]


def _call(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
