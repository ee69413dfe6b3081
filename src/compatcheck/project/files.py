"""Bytes of small files and names of files, the way that survives what lies in other people's folders."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class TooLarge(OSError):
    """The file holds more bytes than the limit."""


class NotRegular(OSError):
    """A folder, device, socket or FIFO."""


def read_bytes(path: str, limit: int) -> bytes:
    """The bytes of a regular file; never blocks (a FIFO would). Raises OSError."""
    handle = os.open(path, _FLAGS)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise NotRegular
        if found.st_size > limit:
            raise TooLarge
        return _all(handle, limit)
    finally:
        os.close(handle)


def _all(handle: int, limit: int) -> bytes:
    chunks = []
    while chunk := os.read(handle, 1 << 24):
        chunks.append(chunk)
        limit -= len(chunk)
        if limit < 0:
            raise TooLarge
    return b"".join(chunks)


def read_if_there(path: str, limit: int = 1 << 20) -> bytes | None:
    """The bytes of a small regular file, or None when it cannot be had."""
    try:
        return read_bytes(path, limit)
    except (OSError, ValueError):
        return None


def folders_up(folder: str, top: str) -> Iterator[str]:
    """The folder and those above it, up to `top`, nearest first; only itself when it is not below `top`."""
    yield folder
    while folder != top and inside(folder, top):
        folder = os.path.dirname(folder)
        yield folder


def inside(path: str, folder: str) -> bool:
    """Whether the absolute path is the folder or lies below it."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def shown(location: str, root: str) -> str:
    """A location as reports show it: relative to the root, with `/`, bytes that are not UTF-8 percent-encoded."""
    if location == root:
        return "."
    if inside(location, root):
        relative = location[len(root) :].lstrip(os.sep)
    else:
        relative = _relative(location, root)
    if os.sep != "/":
        relative = relative.replace(os.sep, "/")
    return relative if relative.isascii() else _encoded(relative)


def _relative(location: str, root: str) -> str:
    try:
        return os.path.relpath(location, root)
    except ValueError:  # another drive
        return location


def _encoded(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "surrogateescape" if os.name == "posix" else "surrogatepass")
        return "".join(
            f"%{ord(char) - 0xDC00:02X}" if 0xDC80 <= ord(char) <= 0xDCFF else char
            for char in raw.decode("utf-8", "surrogateescape")
        )
    return text


class Places:
    """Paths to locations: absolute, without links but for the last name. Each folder is resolved once."""

    def __init__(self) -> None:
        self._folders: dict[str, str] = {}

    def located(self, path: str) -> str:
        """The location of an absolute path; a link to a file keeps its own name."""
        folder, name = os.path.split(path.rstrip(os.sep) or os.sep)
        if name in ("", ".", ".."):
            return os.path.realpath(path)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        return os.path.join(self._folders[folder], name)
