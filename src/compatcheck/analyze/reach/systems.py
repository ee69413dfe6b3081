"""What tests of the operating system give, where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from compatcheck.model.runtimes import Runtimes


def on_system(runtimes: Runtimes, system: str | None) -> Runtimes:
    """The same runtimes, each of which says of itself that it runs on the system (a value of sys.platform)."""
    if system is None:
        return runtimes
    told = _told(system)
    mine = tuple(one if one.platform else replace(one, tells={**told, **one.tells}) for one in runtimes.all)
    return replace(runtimes, all=mine)


@cache
def _told(system: str) -> Mapping[str, object]:
    return {
        "sys.platform": system,
        "os.name": "nt" if system == "win32" else "posix",
        "platform.system()": {"win32": "Windows"}.get(system, system.capitalize()),
    }
