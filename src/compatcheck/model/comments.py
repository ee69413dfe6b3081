"""What comments that begin with `compatcheck:` say, whatever language they stand in."""

from __future__ import annotations

import re

_LIST = re.compile(r"(ignore-file|ignore)(?:\[([^\[\]]*)\]|(?=\s|$))")
_REACHABLE = re.compile(r"reachable\(([^()]*)\)")


def parsed(said: str) -> tuple[str, tuple[str, ...]]:
    """`ignore[a, b] reason` to ("ignore", ("a", "b")). Without brackets: everything; empty ones: a mistake."""
    said = said.strip()
    if match := _REACHABLE.match(said):
        return "reachable", (match[1].strip(),)
    match = _LIST.match(said)
    if match is None or match[2] is None:
        return (match[1] if match else "unknown"), ()
    names = tuple(name.strip() for name in match[2].split(","))
    return (match[1], names) if all(names) else ("unknown", ())
