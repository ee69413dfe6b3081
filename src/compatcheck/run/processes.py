"""Worker processes: forked where that is safe, fed in chunks, replaced when they die."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic

from compatcheck.run.pool import Answer, Crashed, Item

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

_CHUNKS_PER_WORKER = 8
_LARGEST_CHUNK = 64


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    chunk: list[int]


class Processes(Generic[Item, Answer]):
    """Hands out chunks of indexes; `work` and the items reach the workers by fork, or by pickle where none exists."""

    def __init__(self, items: Sequence[Item], work: Callable[[Item], Answer]) -> None:
        self._items = items
        self._work = work
        self._context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._workers: list[_Worker] = []
        self._waiting: list[list[int]] = []

    def run(self, indexes: list[int], jobs: int) -> Iterator[tuple[int, Answer | Crashed]]:
        size = max(1, min(_LARGEST_CHUNK, len(indexes) // (jobs * _CHUNKS_PER_WORKER)))
        self._waiting = [indexes[at : at + size] for at in range(0, len(indexes), size)][::-1]
        try:
            for _ in range(min(jobs, len(self._waiting))):
                self._start()
            while self._workers:
                yield from self._collect()
        finally:
            for worker in self._workers:
                worker.process.kill()

    def _start(self) -> None:
        ours, theirs = self._context.Pipe()
        # daemon: no worker outlives the run, however it ends
        process = self._context.Process(target=_serve, args=(theirs, self._items, self._work), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, [])
        self._workers.append(worker)
        self._feed(worker)

    def _feed(self, worker: _Worker) -> None:
        """The next chunk for a worker, or its end when there is none."""
        worker.chunk = self._waiting.pop() if self._waiting else []
        try:
            worker.pipe.send(worker.chunk)
        except OSError:
            return  # it died: its end of the pipe tells the collector
        if not worker.chunk:
            self._workers.remove(worker)
            worker.process.join()
            worker.pipe.close()

    def _collect(self) -> Iterator[tuple[int, Answer | Crashed]]:
        ready = wait([worker.pipe for worker in self._workers])
        for worker in [worker for worker in self._workers if worker.pipe in ready]:
            try:
                answers = worker.pipe.recv()
            except (EOFError, OSError):
                yield from self._buried(worker)
            else:
                yield from zip(worker.chunk, answers, strict=True)
                self._feed(worker)

    def _buried(self, worker: _Worker) -> Iterator[tuple[int, Answer | Crashed]]:
        """A dead worker's chunk is tried again item by item, so that only the culprit is lost."""
        self._workers.remove(worker)
        worker.process.join()
        if len(worker.chunk) == 1:
            code = worker.process.exitcode or 0
            yield worker.chunk[0], Crashed(f"the process that checked it died ({_death(code)})")
        else:
            self._waiting += [[index] for index in reversed(worker.chunk)]
        if self._waiting:
            self._start()


def _death(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def _serve(pipe: Connection, items: Sequence[Item], work: Callable[[Item], Answer]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    try:
        while chunk := pipe.recv():
            pipe.send([work(items[index]) for index in chunk])
    except (EOFError, OSError):
        return  # the parent is gone
