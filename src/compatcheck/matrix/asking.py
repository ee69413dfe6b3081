"""One interpreter's word on files and modules: compiled, imported, or not, and what it said."""

from __future__ import annotations

import json
import signal
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from compatcheck.matrix.processes import Processes, TimedOut
from compatcheck.report.junit_results import Case

_WORKER = Path(__file__).with_name("worker.py")
# What says nothing of the code: an interpreter's own limits, and scripts that end the program.
_LIMITS = frozenset({"MemoryError", "RecursionError"})


class Asking:
    """Puts the questions to an interpreter. `seconds` is how long one item may take."""

    def __init__(self, python: str, processes: Processes, cwd: str, environ: Mapping[str, str], seconds: float) -> None:
        self._python = python
        self._processes = processes
        self._cwd = cwd
        self._environ = environ
        self._seconds = seconds

    def compiled(self, files: Mapping[str, str]) -> list[Case]:
        """A case for each file, given as what it is called and where it lies."""
        answers = self._answers("compile", list(files.values()))
        return [_compiled(name, answer) for name, answer in zip(files, answers, strict=True)]

    def imported(
        self, names: Mapping[str, str], before: Sequence[str], after: Sequence[str], foreign: Foreign
    ) -> list[Case]:
        """A case for each module, given by its name and its file; `before` and `after` go around `sys.path`.

        A module that only misses what is `foreign` is skipped.
        """
        answers = self._answers("import", list(names), before, after)
        return [_imported(name, answer, foreign) for name, answer in zip(names, answers, strict=True)]

    def _answers(
        self, do: str, items: Sequence[str], before: Sequence[str] = (), after: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        while len(answers) < len(items):
            task = {"do": do, "items": items[len(answers) :], "before": list(before), "after": list(after)}
            more, why = self._batch(task)
            answers += more
            if len(answers) < len(items):
                answers.append({"error": why, "kinds": [], "message": why, "told": why})
        return answers

    def _batch(self, task: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
        """The answers up to the end or the first item that the interpreter does not survive, and what became of it."""
        with tempfile.TemporaryDirectory() as folder:
            asked, said = Path(folder) / "task.json", Path(folder) / "answers"
            asked.write_text(json.dumps(task), "utf-8")
            argv = [self._python, "-s", "-B", str(_WORKER), str(asked), str(said)]
            try:
                code = self._processes.run(
                    argv, cwd=self._cwd, environ=self._environ, seconds=self._seconds, sign_of_life=said
                )
                why = f"the interpreter died ({_death(code)})"
            except TimedOut:
                why = f"took longer than {self._seconds:g} seconds"
            lines = said.read_text("ascii").split("\n")[:-1] if said.exists() else []
        return [json.loads(line) for line in lines], why


class Foreign:
    """Which modules are neither the project's nor the standard library's: whose absence says nothing of the code."""

    def __init__(self, own: Sequence[str], library: frozenset[str]) -> None:
        self._known = {name.partition(".")[0] for name in own} | library

    def __call__(self, module: str) -> bool:
        return module.partition(".")[0] not in self._known


def _compiled(name: str, answer: Mapping[str, Any]) -> Case:
    if not answer:
        return Case(name, False, False)
    limited = _LIMITS & set(answer["kinds"])
    return Case(name, not limited, bool(limited), _message(answer), answer["told"])


def _imported(name: str, answer: Mapping[str, Any], foreign: Foreign) -> Case:
    if not answer:
        return Case(name, False, False)
    missing: str = answer.get("missing") or ""
    absent = bool(missing) and answer["message"].startswith("No module named")
    skipped = "SystemExit" in answer["kinds"] or (absent and foreign(missing))
    return Case(name, not skipped, skipped, _message(answer), answer["told"])


def _message(answer: Mapping[str, Any]) -> str:
    said = next((line.strip() for line in answer["message"].splitlines() if line.strip()), "")
    return answer["error"] if said in ("", answer["error"]) else f"{answer['error']}: {said}"[:300]


def _death(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
