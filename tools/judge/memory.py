"""Verdicts already given, in an SQLite file: the same bytes in the same interpreter get the same verdict."""

from __future__ import annotations

import functools
import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from tools.judge import folders

AT_ONCE = 500  # below SQLite's limit of parameters
BUSY_SECONDS = 60.0
SCHEMA = """
    CREATE TABLE IF NOT EXISTS answers (source BLOB, judge TEXT, answer TEXT, PRIMARY KEY (source, judge)) WITHOUT ROWID
"""


class Memory:
    """Safe for threads and for several processes; what a worker says is kept as it said it."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(path, timeout=BUSY_SECONDS, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=OFF")  # a lost verdict is only asked for again
        self._database.execute(SCHEMA)

    def recall(self, judge: str, digests: Sequence[bytes]) -> dict[bytes, str]:
        found: dict[bytes, str] = {}
        for start in range(0, len(digests), AT_ONCE):
            part = digests[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT source, answer FROM answers WHERE judge = ? AND source IN ({marks})"
            with self._lock:
                found.update(self._database.execute(query, (judge, *part)).fetchall())
        return found

    def keep(self, judge: str, answers: Iterable[tuple[bytes, str]]) -> None:
        rows = [(digest, judge, answer) for digest, answer in answers]
        with self._lock, self._database:
            self._database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)


@functools.cache
def memory() -> Memory:
    return Memory(folders.home() / "verdicts.sqlite")


def digest(source: bytes) -> bytes:
    return hashlib.sha256(source).digest()
