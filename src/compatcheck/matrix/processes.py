"""Programs with a time limit, none of which leaves a process behind, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_MARK = "COMPATCHECK_MATRIX"
_GRACE_S = 3.0
_POLL_S = 0.05


class Cancelled(Exception):
    """Somebody wants the run to end."""


class TimedOut(Exception):
    """The program took longer than it may."""


class Processes:
    """Runs programs, each in a process group of its own. `cancel` ends them all, and whatever is run afterwards."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(
        self,
        argv: Sequence[str],
        *,
        cwd: str,
        environ: Mapping[str, str],
        seconds: float,
        log: Path | None = None,
        sign_of_life: Path | None = None,
    ) -> int:
        """The exit code; output goes to the end of `log`. A `sign_of_life` that grows starts the time limit anew.

        Raises TimedOut, Cancelled, and OSError for what cannot be started.
        """
        if self._cancelled.is_set():
            raise Cancelled
        mark = uuid.uuid4().hex
        with _opened(log) as output:
            process = subprocess.Popen(
                argv,
                cwd=cwd,
                env={**environ, _MARK: mark},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                return self._wait(process, seconds, sign_of_life)
            finally:
                _end(process, mark)

    def _wait(self, process: subprocess.Popen[bytes], seconds: float, sign_of_life: Path | None) -> int:
        since, size = time.monotonic(), 0
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_POLL_S)
            if self._cancelled.is_set():
                raise Cancelled
            if sign_of_life is not None and (now := _size(sign_of_life)) != size:
                since, size = time.monotonic(), now
            if time.monotonic() - since > seconds:
                raise TimedOut


def _opened(log: Path | None) -> IO[bytes]:
    return open(os.devnull if log is None else log, "ab")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _end(process: subprocess.Popen[bytes], mark: str) -> None:
    """Ends what is left of the program: politely first, then not. Those that left the group are known by their mark."""
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
        process.wait()
        return
    if process.poll() is None:
        _signal_group(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_S)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()
    while left := _marked(mark):  # one may start another while it is looked for
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(_POLL_S)


def _signal_group(group: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _marked(mark: str) -> list[int]:
    """Living processes that inherited the mark, where the system shows environments (Linux)."""
    wanted = f"{_MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found
