"""Pages that were fetched, kept in the user's cache: plain data, with what the server needs to say "not modified"."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer. `fetched` in seconds since 1970."""

    url: str
    content_type: str
    etag: str | None
    modified: str | None
    fetched: float
    body: str

    def fresh(self, seconds: float) -> bool:
        return 0 <= time.time() - self.fetched < seconds


class Store:
    """Answers by address. A folder that cannot be written only costs time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, url: str) -> Kept | None:
        if self._folder is None:
            return None
        try:
            kept = Kept(**json.loads(self._path(url).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        return kept if kept.url == url else None

    def put(self, kept: Kept) -> None:
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(asdict(kept), file)
            Path(name).replace(self._path(kept.url))
        except OSError:
            return

    def _path(self, url: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{hashlib.blake2b(url.encode(), digest_size=16).hexdigest()}.json"
