"""How much a person wants to see, and on what."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """`width` counts terminal cells. People see paths as from the folder `cwd`; services that show findings beside the
    code want them as from the repository's `top`.
    """

    color: bool = False
    width: int = 120
    cwd: str | None = None
    top: str | None = None
    quiet: bool = False
    verbose: bool = False
    statistics: bool = False
