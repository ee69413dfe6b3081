"""Answers of earlier runs, by content: `.compatcheck_cache/` beside the project. Data only, and only our own."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

FOLDER = ".compatcheck_cache"
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder is compatcheck's cache; it can be deleted.\n"
_SMALLEST_LIMIT = 5_000


class Cache:
    """A mapping of content digests to answers (JSON text) for one combination of rules, scope and versions.

    What is damaged, forged or tracked by git is not read; what cannot be written only costs time.
    """

    def __init__(self, root: Path, name: str) -> None:
        self._folder = root / FOLDER
        self._path = self._folder / f"{name}.json"
        self._secret = _secret()
        self._entries = self._read() if self._secret and not _tracked(root) else {}
        self._used: dict[str, str] = {}
        self._added = False

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, digest: str) -> str | None:
        answer = self._entries.get(digest)
        if answer is not None:
            self._used[digest] = answer
        return answer

    def put(self, digest: str, answer: str) -> None:
        self._used[digest] = answer
        self._added = True

    def save(self) -> None:
        """Written atomically, when there is anything new; entries of other runs stay while there is room."""
        if not self._added or self._secret is None:
            return
        merged = self._used
        if len(self._entries) <= max(_SMALLEST_LIMIT, 2 * len(self._used)):
            merged = self._entries | self._used
        body = json.dumps(merged, separators=(",", ":")).encode("ascii")
        try:
            _make_folder(self._folder)
            write_atomically(self._path, _seal(self._secret, self._path.name, body) + b"\n" + body)
        except OSError:
            return

    def _read(self) -> dict[str, str]:
        try:
            if self._path.is_symlink():
                return {}
            seal, _, body = self._path.read_bytes().partition(b"\n")
        except OSError:
            return {}
        if self._secret is None or seal != _seal(self._secret, self._path.name, body):
            return {}
        entries: dict[str, str] = json.loads(body)
        return entries


def digest_of(data: bytes, kind: str) -> str:
    """The name of one file's content and kind."""
    return hashlib.blake2b(data, digest_size=16, person=kind.encode()).hexdigest()


def cache_name(parts: Iterable[str]) -> str:
    """A file name that changes with any of the parts."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """The whole file or nothing; raises OSError."""
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    if (folder / "CACHEDIR.TAG").is_file():
        return
    folder.mkdir(exist_ok=True)
    (folder / "CACHEDIR.TAG").write_text(_TAG)
    (folder / ".gitignore").write_text("*\n")


def _tracked(root: Path) -> bool:
    """Whether git tracks a cache here: someone else's, then. Reads the index file, runs nothing."""
    for folder in (root, *root.parents):
        index = folder / ".git" / "index"
        if index.is_file():
            try:
                return f"{FOLDER}/".encode() in index.read_bytes()
            except OSError:
                return False
    return False


def _seal(secret: bytes, name: str, body: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + b"\0" + body, key=secret, digest_size=32).hexdigest().encode()


def _secret() -> bytes | None:
    """This user's key, made on first use: a cache that came with a checkout cannot carry its seal."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    path = Path(base) / "compatcheck" / "key"
    try:
        if path.is_file():
            return path.read_bytes()[:64] or None
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, os.urandom(32))  # mkstemp makes it readable by its owner only
        return path.read_bytes()
    except OSError:
        return None
