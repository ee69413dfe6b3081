"""One Skulpt as a process: snippets in, answers out. Skulpt itself comes from the caller's folder, never from here."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_WORKER = Path(__file__).with_name("worker.mjs")


@dataclass(frozen=True, slots=True)
class Answer:
    """`error` is None when it compiled, or ran; `output` is what it printed."""

    error: str | None
    output: str

    @property
    def refused(self) -> bool:
        """Whether it is no program to Skulpt. Its compiler also throws what is no SyntaxError by name."""
        return self.error is not None


class Skulpt:
    """The release in a folder with skulpt.min.js and skulpt-stdlib*; a context manager. `language`: 2 or 3."""

    def __init__(self, folder: Path, language: int = 3) -> None:
        if not (folder / "skulpt.min.js").is_file():
            raise FileNotFoundError(f"{folder} holds no skulpt.min.js")
        self._process = subprocess.Popen(
            ["node", str(_WORKER), str(folder), str(language)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
        )  # fmt: skip

    def __enter__(self) -> Skulpt:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def compile(self, sources: Iterable[str]) -> Iterator[Answer]:
        return (self._ask("compile", source) for source in sources)

    def run(self, sources: Iterable[str]) -> Iterator[Answer]:
        return (self._ask("run", source) for source in sources)

    def _ask(self, action: str, source: str) -> Answer:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([action, source]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"Skulpt died on {source[:80]!r}")
        return Answer(*json.loads(line))
