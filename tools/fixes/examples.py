"""The examples of fixes in rules/: programs before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml

FOLDERS = ("syntax", "library", "equivalents")
TARGET = "3.7+"


@dataclass(frozen=True, slots=True)
class Example:
    """A program before and after its fix; `after` is None where it is refused for `reason`."""

    name: str
    before: str
    after: str | None
    reason: str
    target: str
    runs: bool

    @property
    def oldest(self) -> str:
        return self.target.rstrip("+").partition("-")[0]


def examples() -> Iterator[Example]:
    """All examples, by rule or symbol."""
    for folder in FOLDERS:
        for path in sorted((rules_folder() / folder).glob("*.yaml")):
            for name, entry in _entries(path):
                for at, each in enumerate(entry.get("examples", ())):
                    yield _example(f"{name}-{at}", each)


def _entries(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    data = read_yaml(path)
    if "fix" in data:
        yield data["id"], data["fix"]
    if path.parent.name == "equivalents":
        yield from data["names"].items()


def _example(name: str, data: dict[str, Any]) -> Example:
    return Example(
        name,
        data["before"],
        data.get("after"),
        data.get("reason", ""),
        data.get("target", TARGET),
        data.get("runs", True),
    )
