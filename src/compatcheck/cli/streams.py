"""The only place that prints."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from pathlib import Path


def out(text: str) -> None:
    """To standard output; a reader that went away (`| head`) is no error."""
    try:
        _write(sys.stdout, text)
    except BrokenPipeError:
        _close_quietly()


def tell(lines: Iterable[str]) -> None:
    """Messages to the user, on standard error."""
    try:
        _write(sys.stderr, "".join(f"compatcheck: {line}\n" for line in lines))
    except OSError:
        return  # nobody is left to tell


def write(path: Path, text: str) -> None:
    """A file that is whole or untouched; what is no regular file (/dev/stdout) is written to. Raises OSError."""
    data = text.encode("utf-8", "backslashreplace")
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    write_bytes(path, data)


def write_bytes(path: Path, data: bytes) -> None:
    """A file that is whole or untouched, with the permissions that it had. Raises OSError."""
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(data)
        if path.exists():
            new.chmod(path.stat().st_mode & 0o7777)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def append(path: Path, text: str) -> None:
    """To the end of a file. Raises OSError."""
    with path.open("ab") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def wants_color(asked: str) -> bool:
    """Whether standard output gets colour: always, never, or auto (a terminal, without NO_COLOR)."""
    if asked != "auto":
        return asked == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def width() -> int:
    """Cells of a line: the terminal's, or 120 where there is none."""
    if not sys.stdout.isatty():
        return 120
    import shutil

    return shutil.get_terminal_size().columns


def _write(stream: TextIO, text: str) -> None:
    """What the stream's encoding cannot say is written as an escape."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _close_quietly() -> None:
    """Python flushes standard output once more at its end; that must not fail either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
