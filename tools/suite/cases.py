"""Case files: snippets under `=== name | fails: 3.6 3.7 | limit: why compatcheck cannot know`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

VERSIONS = tuple(f"3.{minor}" for minor in range(6, 14))
_HEAD = re.compile(r"=== (?P<name>[a-z0-9-]+)(?: \| fails: (?P<fails>[^|]*?))?(?: \| limit: (?P<limit>.*))?\Z")


@dataclass(frozen=True, slots=True)
class Case:
    """One snippet; `fails` holds the versions on which it fails, None when nobody has run it yet."""

    name: str
    code: str
    fails: tuple[str, ...] | None = None
    limit: str | None = None


def cases_of(text: str) -> Iterator[Case]:
    """The cases of a file's text; raises ValueError for a head that is none."""
    for part in re.split(r"(?m)^(?==== )", text):
        if not part.startswith("==="):
            continue
        head, _, code = part.partition("\n")
        match = _HEAD.match(head)
        if match is None:
            raise ValueError(f"not the head of a case: {head}")
        fails = match["fails"]
        versions = None if fails is None else () if fails == "never" else tuple(fails.split())
        yield Case(match["name"], code.rstrip("\n") + "\n", versions, match["limit"])


def read(path: Path) -> list[Case]:
    return list(cases_of(path.read_text("utf-8")))


def write(path: Path, cases: Sequence[Case]) -> None:
    """The file anew, what stands above its first case included."""
    comment = path.read_text("utf-8").partition("=== ")[0]
    path.write_text(comment + "\n".join(_text(case) for case in cases), "utf-8")


def _text(case: Case) -> str:
    head = f"=== {case.name}"
    if case.fails is not None:
        head += f" | fails: {' '.join(case.fails) or 'never'}"
    if case.limit is not None:
        head += f" | limit: {case.limit}"
    return f"{head}\n{case.code}"
