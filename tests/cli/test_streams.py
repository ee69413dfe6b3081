"""Terminals, interrupts and the progress bar."""

from __future__ import annotations

import contextlib
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.cli import progress
from compatcheck.cli.streams import write


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, wanted: bool = True, patience: float = -1.0) -> str:
    monkeypatch.setattr(progress, "_PATIENCE_S", patience)
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress.Progress(wanted) as bar:
        bar(3, 10)
        bar(10, 10)
    return stream.getvalue()


def test_the_bar_shows_on_a_terminal_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "10/10" in shown(monkeypatch, Terminal())


def test_no_bar_for_a_short_run_a_pipe_or_the_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), patience=60.0) == ""
    assert shown(monkeypatch, io.StringIO()) == ""
    assert shown(monkeypatch, Terminal(), wanted=False) == ""


def test_a_written_file_is_whole_or_untouched(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    write(path, "é\ud800\n")
    assert path.read_bytes() == "é\\ud800\n".encode()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        write(tmp_path / "folder", "x")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", "r.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals work otherwise there")
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "compatcheck", "--target", "3.7", "-"]
    process = subprocess.Popen(command, cwd=tmp_path, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None and process.stderr is not None
    process.stdin.write(b"#" * 1_000_000)  # more than a pipe holds: once it is written, compatcheck is reading
    process.stdin.flush()
    for _ in range(60):  # a signal that comes between two reads waits for the second
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(1)
            break
    told = process.stderr.read()
    process.stderr.close()
    process.stdin.close()
    assert (process.returncode, told) == (130, b"compatcheck: interrupted\n")
