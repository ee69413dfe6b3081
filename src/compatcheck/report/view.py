"""How much a person wants to see, and on what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """Formats for programs ignore it. `width` counts terminal cells; people see paths as from the folder `cwd`."""

    color: bool = False
    width: int = 120
    cwd: str | None = None
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
