"""Probes of interpreters to the text of a Python module."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

Ranges = list[tuple[int, int]]
_KINDS = ("start", "continue", "CJK", "TANGUT")
_NUMBERED = re.compile(r"(.*-)([0-9A-F]{4,5})\Z")
_WIDTH = 116
_HEAD = '''"""What Unicode databases newer than Python 3.6's know, by the first Python that knows it; numbers are hexadecimal.

Generated from real interpreters by `python -m tools.unicode_data`; do not edit.
"""
'''


def module_text(probes: Mapping[str, Mapping[str, Any]]) -> str:
    """The module; `probes` go from the oldest Python to the newest."""
    points = {version: _points(probe) for version, probe in probes.items()}
    parts = [
        _HEAD,
        _table("START", "can start an identifier", _additions({v: p["start"] for v, p in points.items()})),
        _table("CONTINUE", "can stand inside an identifier", _additions({v: p["continue"] for v, p in points.items()})),
        _table("CJK", "have a name `CJK UNIFIED IDEOGRAPH-…`", _additions(_coded(points, "CJK"), all_of_them=True)),
        _table("CJK_LOST", "had such a name until then", _additions(_coded(points, "CJK"), removed=True)),
        _table("TANGUT", "have a name `TANGUT IDEOGRAPH-…`", _additions(_coded(points, "TANGUT"))),
        _names(_new_names(points)),
    ]
    return "\n".join(parts)


def _points(probe: Mapping[str, Any]) -> dict[str, Any]:
    """The probe with sets for lists of ranges."""
    sets = {kind: {p for low, high in probe[kind] for p in range(low, high + 1)} for kind in _KINDS}
    return {**sets, "names": set(probe["names"])}


def _coded(points: Mapping[str, Mapping[str, Any]], kind: str) -> dict[str, set[int]]:
    return {version: probe[kind] for version, probe in points.items()}


def _additions(
    by_version: Mapping[str, set[int]], removed: bool = False, all_of_them: bool = False
) -> dict[str, Ranges]:
    """What each version added (or removed); what the first has only where that is wanted."""
    found = {}
    before: set[int] | None = set() if all_of_them else None
    for version, now in by_version.items():
        if before is not None and (change := before - now if removed else now - before):
            found[version] = ranges(sorted(change))
        before = now
    return found


def ranges(points: Iterable[int]) -> Ranges:
    found: Ranges = []
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1] = (found[-1][0], point)
        else:
            found.append((point, point))
    return found


def _table(name: str, meaning: str, by_version: Mapping[str, Ranges]) -> str:
    lines = [f"# Code points that {meaning}.", f"{name} = {{"]
    for version, found in by_version.items():
        words = [f"{low:X}" if low == high else f"{low:X}-{high:X}" for low, high in found]
        text = list(_wrapped(words))
        lines += [f'    "{version}": (', *text, "    ),"] if len(text) > 1 else [f'    "{version}": {text[0].strip()},']
    return "\n".join([*lines, "}", ""])


def _wrapped(words: Iterable[str]) -> Iterable[str]:
    line = ""
    for word in words:
        if len(line) + len(word) > _WIDTH - 14:
            yield f'        "{line}"'
            line = ""
        line += word + " "
    yield f'        "{line.rstrip()}"'


def _new_names(points: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    before: set[str] | None = None
    for version, probe in points.items():
        if before is not None and probe["names"] - before:
            found[version] = _folded(sorted(probe["names"] - before))
        before = probe["names"]
    return found


def _folded(names: Iterable[str]) -> list[str]:
    """Names that differ only in consecutive numbers become one: `NUSHU CHARACTER-1B170..1B2FB`."""
    numbers: dict[str, list[int]] = {}
    lines = []
    for name in names:
        match = _NUMBERED.match(name)
        if match:
            numbers.setdefault(match[1], []).append(int(match[2], 16))
        else:
            lines.append(name)
    for stem, found in numbers.items():
        for low, high in ranges(sorted(found)):
            lines.append(f"{stem}{low:04X}" + (f"..{high:04X}" if high > low else ""))
    return sorted(lines)


def _names(by_version: Mapping[str, list[str]]) -> str:
    """One text, compressed: a line with a version before its names."""
    text = "\n".join(line for version, names in by_version.items() for line in (version, *names))
    blob = base64.b85encode(zlib.compress(text.encode("ascii"), 9)).decode("ascii")
    width = _WIDTH - 4
    lines = [f'    "{blob[at : at + width]}"' for at in range(0, len(blob), width)]
    head = "# Names of other characters, aliases among them: lines, a version before its names, zlib in base 85."
    return "\n".join([head, "NAMES = (", *lines, ")", ""])
