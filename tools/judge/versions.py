"""Sets of versions as people write them: `3.6-3.15`, `3.8,3.10`, and back."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from tools.judge.interpreters import key

NEWEST_MINOR = 15


def parse(text: str) -> list[str]:
    """All versions of `3.7`, `3.7-3.13`, `3.7+` and their unions with a comma; raises ValueError."""
    found: set[str] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d)\.(\d+)(?:\s*(?:-\s*3\.(\d+)|(\+)))?\s*", part)
        if match is None:
            raise ValueError(f"not a version or an interval of versions: {part!r}; write 3.7, 3.7-3.13 or 3.7+")
        major, first, last, open_ended = match.groups()
        end = int(last or (NEWEST_MINOR if open_ended else first))
        found.update(f"{major}.{minor}" for minor in range(int(first), end + 1))
    return sorted(found, key=key)


def shown(chosen: Collection[str], judged: Sequence[str]) -> str:
    """The chosen ones among the judged, as intervals: `2.7 3.8-3.15`; `none` for none."""
    parts: list[list[str]] = []
    previous = False
    for version in judged:
        here = version in chosen
        if here and previous and version.split(".")[0] == parts[-1][-1].split(".")[0]:
            parts[-1].append(version)
        elif here:
            parts.append([version])
        previous = here
    return " ".join(part[0] if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts) or "none"
