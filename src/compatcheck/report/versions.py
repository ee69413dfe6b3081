"""Names of runtimes for people: `3.7–3.9, 3.11 and anvil-client`."""

from __future__ import annotations

from collections.abc import Iterable


def phrase(names: Iterable[str]) -> str:
    """Neighbouring versions become a range; everything else keeps its name and place."""
    words: list[str] = []
    row: list[str] = []
    for name in names:
        if row and not _follows(row[-1], name):
            words += _range(row)
            row = []
        row.append(name)
    words += _range(row)
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def in_order(names: Iterable[str]) -> list[str]:
    """Each name once: versions by number, then the others as they come."""
    return sorted(dict.fromkeys(names), key=lambda name: (not _numbers(name), _numbers(name)))


def _numbers(name: str) -> list[int]:
    return [int(part) for part in name.split(".")] if name.replace(".", "").isdecimal() else []


def _follows(before: str, name: str) -> bool:
    first, second = _version(before), _version(name)
    return first is not None and second is not None and second == (first[0], first[1] + 1)


def _version(name: str) -> tuple[int, int] | None:
    major, _, minor = name.partition(".")
    if not (major.isdecimal() and minor.isdecimal()):
        return None
    return int(major), int(minor)


def _range(row: list[str]) -> list[str]:
    return list(row) if len(row) < 2 else [f"{row[0]}–{row[-1]}"]
