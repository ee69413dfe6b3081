"""The project's own command in an environment, and its tests as their runner wrote them down (JUnit XML)."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

from compatcheck.matrix.environments import Environment, Installer
from compatcheck.matrix.processes import Processes, TimedOut
from compatcheck.report.junit_results import Case, NotResults, read_results

JUNIT = "{junit}"
_PYTEST = ("pytest", "py.test")
_TAIL = 4000


def ran(
    command: Sequence[str], made: Environment, installer: Installer, processes: Processes, seconds: float, log: Path
) -> list[Case]:
    """The tests that the command ran; the command itself as one, where it wrote no results or failed beyond them.

    Raises NotInstalled where pytest is meant and cannot be had.
    """
    if _is_pytest(command) and made.program("pytest") is None:
        installer.install(made, ["pytest"])
    results = made.folder / "junit.xml"
    environ = {**made.environ, "COMPATCHECK_JUNIT": str(results)}
    name, begin = shlex.join(command), log.stat().st_size if log.exists() else 0
    try:
        code = processes.run(
            _argv(command, made, results), cwd=str(made.project), environ=environ, seconds=seconds, log=log
        )
        why = f"exit code {code}" if code else ""
    except TimedOut:
        why = f"took longer than {seconds:g} seconds"
    except OSError as error:
        why = f"cannot be started: {error.strerror}"
    cases, wrong = _read(results)
    why = why or wrong
    if why and not any(case.failed for case in cases):
        return [*cases, Case(name, True, False, why, f"{why}\n{tail(log, begin)}")]
    return cases or [Case(name, False, False)]


def _is_pytest(command: Sequence[str]) -> bool:
    return command[0] in _PYTEST or tuple(command[1:3]) == ("-m", "pytest")


def _argv(command: Sequence[str], made: Environment, results: Path) -> list[str]:
    """The command with its program from the environment, and told where the results go."""
    argv = [word.replace(JUNIT, str(results)) for word in command]
    if _is_pytest(command) and argv == list(command):
        argv.insert(argv.index("--") if "--" in argv else len(argv), f"--junitxml={results}")
    return [made.program(argv[0]) or argv[0], *argv[1:]]


def _read(results: Path) -> tuple[list[Case], str]:
    """The tests, and what is wrong with the file of them."""
    try:
        return read_results(results.read_bytes()), ""
    except FileNotFoundError:
        return [], ""
    except (OSError, NotResults) as error:
        return [], f"its results cannot be read: {error}"


def tail(log: Path, begin: int = 0) -> str:
    """The end of what was printed since `begin`."""
    if not log.exists():
        return ""
    with log.open("rb") as file:
        file.seek(max(begin, os.fstat(file.fileno()).st_size - _TAIL))
        return file.read().decode("utf-8", "replace")
