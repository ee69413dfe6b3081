"""Plain scalars that YAML 1.1 reads as something else than they say."""

from __future__ import annotations

import re
from typing import Any

_WORDS = frozenset({"yes", "no", "on", "off"})
_OCTAL = re.compile(r"[-+]?0[0-7_]+\Z")
_VERSION_KEY = re.compile(r"(?i)version|python|release|\btag\b")


def trap_in(source: str, value: Any, key: str) -> dict[str, str] | None:
    """The words for the finding about a plain scalar, or None where everyone reads it alike."""
    if isinstance(value, bool):
        meaning = f"the boolean {str(value).lower()}" if source.lower() in _WORDS else ""
    elif isinstance(value, (int, float)):
        meaning = _number(source, value, key)
    else:
        meaning = ""
    return {"source": source, "meaning": meaning} if meaning else None


def _number(source: str, value: int | float, key: str) -> str:
    if ":" in source:
        return f"the number {value:,} (to base 60)"
    if isinstance(value, int) and _OCTAL.match(source) and source.strip("+-0_"):
        return f"the number {value} (to base 8)"
    if isinstance(value, float) and source.endswith("0") and _VERSION_KEY.search(key) and repr(value) != source:
        return f"the number {value!r}, without its last zero"
    return ""


def trap_hint(source: str | None, expected: str) -> str | None:
    """What to do about a scalar that was meant as text: how it was written, when that is not its value."""
    return f"Quote it: '{source}'." if source is not None and expected == "text" else None
