"""Mistakes in settings, as values: all of them are collected before anyone is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SettingsError:
    """One mistake. `source` is a file (relative to the root), an option, an environment variable, or empty."""

    message: str
    source: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.message}" if place else self.message


class BadSettings(ValueError):
    """Settings with mistakes; `errors` holds each once, in the order in which they were met."""

    def __init__(self, errors: Iterable[SettingsError]) -> None:
        self.errors = tuple(dict.fromkeys(errors))
        super().__init__("\n".join(map(str, self.errors)))
