"""`check --watch` in a process of its own: it checks at once, and again after each change."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Call

_PATIENCE_S = 60.0


class Watching:
    """The running command, and what it says."""

    def __init__(self, folder: Path) -> None:
        argv = [sys.executable, "-m", "compatcheck", "--watch", "--format", "concise", "--format", "json:out.json", "."]
        environ = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            argv, cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._said: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._said.put(line)

    def wait_for(self, words: str) -> str:
        """Everything up to the line that holds the words."""
        said = ""
        until = time.monotonic() + _PATIENCE_S
        while words not in said:
            try:
                said += self._said.get(timeout=max(0.01, until - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"{words!r} is not in {said!r}")
        return said

    def comes_to_rest(self) -> bool:
        """Whether it says nothing for two seconds, once what it had to say is out."""
        for _ in range(10):
            while not self._said.empty():
                self._said.get()
            time.sleep(2)
            if self._said.empty():
                return True
        return False

    def notices(self, path: Path, text: str) -> None:
        """Puts a file there, whole, until the watch has begun and notices it."""
        until = time.monotonic() + _PATIENCE_S
        while self._said.empty() and time.monotonic() < until:
            new = path.parent.parent / "new"
            new.write_text(text)
            new.replace(path)
            time.sleep(1)


@pytest.fixture
def watching(folder: Path) -> Iterator[Watching]:
    (folder / "a.py").write_text("(n := 1)\n")
    (folder / "compatcheck.toml").write_text('target = "3.7"\n')
    found = Watching(folder)
    yield found
    found.process.kill()
    found.process.wait()
    if found.process.stdout is not None:
        found.process.stdout.close()


def test_each_change_is_checked_until_it_is_interrupted(watching: Watching, folder: Path) -> None:
    watching.wait_for("a.py:1:2: error:")
    watching.notices(folder / "b.py", "(m := 2)\n")
    said = watching.wait_for("b.py:1:2: error:")
    assert "Changed: b.py\n" in said
    assert watching.comes_to_rest()  # its own report is no change
    watching.notices(folder / "compatcheck.toml", 'target = "nonsense"\n')
    watching.wait_for("nonsense")
    assert watching.comes_to_rest()
    watching.notices(folder / "compatcheck.toml", 'target = "3.8"\n')
    watching.wait_for("Changed: compatcheck.toml\n")
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(timeout=_PATIENCE_S) == 130


def test_standard_input_cannot_be_watched(call: Call) -> None:
    done = call("--watch", "--target", "3.7", "-")
    assert done.code == 2
    assert "--watch goes with files and folders" in done.err


def test_without_watchfiles_it_says_what_to_install(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = call("--watch", "--target", "3.7", ".")
    assert (done.code, done.err) == (
        2,
        "compatcheck: error: --watch needs watchfiles: pip install 'compatcheck[watch]'\n",
    )
