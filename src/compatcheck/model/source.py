"""A file to check, and a file that could not be checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["module", "stub", "notebook"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file's bytes as they are on disk. `path` is relative to the run's root, with `/` (DESIGN 6)."""

    path: str
    data: bytes
    kind: SourceKind = "module"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or folder that could not be checked, and why, in words for the user."""

    path: str
    reason: str
