"""Workers: frames in, frames out, a time limit on every answer, and a new process for one that died."""

from __future__ import annotations

import contextlib
import json
import queue
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

START_SECONDS = 120.0
ANSWER_SECONDS = 30.0
ROOT = Path(__file__).parents[2]  # where `python -m tools.judge…` works


class WorkerDied(Exception):
    """The process ended."""


class WorkerHung(WorkerDied):
    """The process did not answer in time."""


class Worker:
    """A command that answers requests; started when first asked, started again after a death. Safe for threads."""

    def __init__(self, command: Sequence[str], answer_seconds: float = ANSWER_SECONDS) -> None:
        self._command = command
        self._seconds = answer_seconds
        self._process: _Process | None = None
        self._lock = threading.Lock()

    def ask(self, requests: Sequence[bytes]) -> list[str | None]:
        """The answers, in order; None for a request at which the process hung, or died twice."""
        answers: list[str | None] = []
        died_at = -1
        with self._lock:
            while len(answers) < len(requests):
                try:
                    for answer in self._running().answers(requests[len(answers) :], self._seconds):
                        answers.append(answer)
                except WorkerDied as death:
                    self.close()
                    if died_at == len(answers) or isinstance(death, WorkerHung):
                        answers.append(None)
                    died_at = len(answers)
        return answers

    def python(self) -> str:
        """`sys.version` of the running process."""
        with self._lock:
            return self._running().python

    def close(self) -> None:
        if self._process:
            self._process.close()
        self._process = None

    def _running(self) -> _Process:
        if self._process is None:
            self._process = _Process(self._command)
        return self._process


class _Process:
    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        self._answers: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        assert self._process.stdin and self._process.stdout
        self._requests: IO[bytes] = self._process.stdin
        self._threads = [_started(_read_frames, self._process.stdout, self._answers)]
        try:
            self.python: str = json.loads(self._next(START_SECONDS))["version"]
        except WorkerDied:
            self.close()
            raise RuntimeError(f"this does not start: {' '.join(command)}") from None

    def answers(self, requests: Sequence[bytes], seconds: float) -> Iterator[str]:
        """One answer for each request, in order; raises WorkerDied at the one that it could not answer."""
        writer = _started(_write_frames, self._requests, requests)
        self._threads.append(writer)
        for _ in requests:
            yield self._next(seconds)
        self._threads.remove(writer)

    def close(self) -> None:
        """End the process, then what read from it and wrote to it."""
        self._process.kill()
        for thread in self._threads:
            thread.join()
        with contextlib.suppress(OSError), self._process:  # waits and closes; unsent requests stay unsent
            pass

    def _next(self, seconds: float) -> str:
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise WorkerHung from None
        if answer is None:
            raise WorkerDied
        return answer.decode("ascii")


def _started(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(target=target, args=arguments, daemon=True)
    thread.start()
    return thread


def _write_frames(stream: IO[bytes], requests: Sequence[bytes]) -> None:
    try:
        for request in requests:
            stream.write(struct.pack(">I", len(request)) + request)
        stream.flush()
    except (OSError, ValueError):  # the process is dead: the reader says so
        return


def _read_frames(stream: IO[bytes], answers: queue.SimpleQueue[bytes | None]) -> None:
    while len(header := stream.read(4)) == 4:
        (size,) = struct.unpack(">I", header)
        answers.put(stream.read(size))
    answers.put(None)
