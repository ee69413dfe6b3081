"""Whether a file without extension is a Python script: its `#!` line says so."""

from __future__ import annotations

import os
import re

_PYTHON = re.compile(rb"(?:python|pypy|pythonw)[\d.]*\Z")
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


def is_python_script(location: str) -> bool:
    """Whether the first line names a Python interpreter, directly or through env or `uv run`. Raises OSError."""
    handle = os.open(location, _FLAGS)
    try:
        start = os.read(handle, 256)
    finally:
        os.close(handle)
    return start.startswith(b"#!") and _names_python(start[2:].split(b"\n", 1)[0])


def _names_python(line: bytes) -> bool:
    words = [word.rsplit(b"/", 1)[-1] for word in line.split()]
    if words[:1] == [b"env"]:
        words = [word for word in words[1:] if not word.startswith(b"-") and b"=" not in word]
    if words[:2] == [b"uv", b"run"]:
        return True
    return bool(words) and _PYTHON.match(words[0]) is not None
