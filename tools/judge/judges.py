"""The judges: each a real interpreter that says whether it compiles a source, or what running it does."""

from __future__ import annotations

import ast
import atexit
import functools
import hashlib
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.judge import interpreters
from tools.judge.interpreters import Interpreter
from tools.judge.memory import digest, memory
from tools.judge.process import Worker
from tools.judge.verdict import CRASH, Verdict, from_answer

RUN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a program did; `type` and `message` are of the exception that ended it, if one did."""

    ok: bool
    type: str | None
    message: str | None
    stdout: str


class Judge:
    """One interpreter; its worker is started when first needed and lives as long as this process."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.version = interpreter.version
        self.exact = interpreter.exact
        self._name = f"{self.exact} {_worker_digest()}"
        self._worker = Worker(interpreter.command)

    def __repr__(self) -> str:
        return f"<Judge {self.exact}>"

    def compile(self, source: bytes) -> Verdict:
        return self.compile_many([source])[0]

    def compile_many(self, sources: Sequence[bytes], use_memory: bool = True) -> list[Verdict]:
        """A verdict for each source, in order; what was judged before is remembered."""
        digests = [digest(source) for source in sources]
        known = memory().recall(self._name, digests) if use_memory else {}
        missing = {key: source for key, source in zip(digests, sources, strict=True) if key not in known}
        answers = self._worker.ask(list(missing.values()))
        fresh = {key: answer for key, answer in zip(missing, answers, strict=True) if answer is not None}
        if use_memory and fresh:
            memory().keep(self._name, fresh.items())
        known.update(fresh)
        return [from_answer(known[key]) if key in known else CRASH for key in digests]

    def run(self, source: str | bytes, seconds: float = RUN_SECONDS) -> RunResult:
        """Execute a program in a fresh process."""
        data = source.encode() if isinstance(source, str) else source
        with tempfile.TemporaryDirectory() as scratch:
            program, outcome = Path(scratch, "program.py"), Path(scratch, "outcome.json")
            program.write_bytes(data)
            command = [*self.interpreter.command, str(program), str(outcome)]
            environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
            try:
                done = subprocess.run(command, capture_output=True, timeout=seconds, cwd=scratch, env=environment)
            except subprocess.TimeoutExpired:
                return RunResult(False, None, f"still running after {seconds:g} s", "")
            return _run_result(outcome, done)

    def close(self) -> None:
        """End the worker; it starts again when asked."""
        self._worker.close()

    def python(self) -> str:
        """`sys.version` as the running worker gives it."""
        return self._worker.python()


@functools.cache
def judges() -> tuple[Judge, ...]:
    """All judges of this machine, oldest first; found once in a process, closed at its end."""
    found = tuple(Judge(interpreter) for interpreter in interpreters.find())
    for judge in found:
        atexit.register(judge.close)
    return found


def compile_all(
    sources: Iterable[bytes], versions: Iterable[str] | None = None, use_memory: bool = True
) -> list[dict[str, Verdict]]:
    """For each source, the verdict of each version (all judges if none are named); the judges work at the same time."""
    wanted = None if versions is None else set(versions)
    chosen = [judge for judge in judges() if wanted is None or judge.version in wanted]
    if wanted and (absent := wanted - {judge.version for judge in chosen}):
        raise LookupError(f"no interpreter here judges Python {', '.join(sorted(absent, key=interpreters.key))}")
    every = list(sources)
    with ThreadPoolExecutor(max(1, len(chosen))) as pool:
        columns = list(pool.map(lambda judge: judge.compile_many(every, use_memory), chosen))
    names = [judge.version for judge in chosen]
    return [dict(zip(names, (column[at] for column in columns), strict=True)) for at in range(len(every))]


@functools.cache
def _worker_digest() -> str:
    """Verdicts of another worker are not ours; one that only reads differently is the same."""
    program = ast.dump(ast.parse(interpreters.WORKER.read_bytes()))
    return hashlib.sha256(program.encode()).hexdigest()[:12]


def _run_result(outcome: Path, done: subprocess.CompletedProcess[bytes]) -> RunResult:
    stdout = done.stdout.decode("utf-8", "replace")
    if not outcome.exists():
        return RunResult(False, None, f"ended with exit code {done.returncode}", stdout)
    failure = json.loads(outcome.read_text("ascii"))
    if not failure:
        return RunResult(True, None, None, stdout)
    return RunResult(False, failure["kinds"][0], failure["message"], stdout)
