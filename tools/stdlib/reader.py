"""Reads rules/stdlib as its users do: on which versions does a dotted symbol work?"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tools.stdlib.versions import ALL, mask, parse, since, until


def load(folder: Path) -> dict[str, dict[str, Any]]:
    """All entries of all files."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.yaml")):
        found |= yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["names"]
    return found


def interval(text: str) -> int:
    first, _, last = text.partition("-")
    return (since(parse(first)) if first else ALL) & (until(parse(last)) if last else ALL)


def own_works(entry: dict[str, Any]) -> int:
    """What one entry says by itself; micro releases count as not there."""
    if "works" in entry:
        versions = 0
        for text in entry["works"]:
            versions |= interval(text)
    else:
        versions = since(parse(entry.get("since", "3.0"))) & until(parse(entry.get("until", "3.15")))
    return versions & ~mask(parse(minor) for minor in entry.get("micro", ()))


class Reader:
    def __init__(self, entries: dict[str, dict[str, Any]]) -> None:
        self.entries = entries
        self.works = cache(self._works)

    def find(self, symbol: str) -> dict[str, Any] | None:
        """The entry of a symbol, or of the same member in the nearest base that has one."""
        if symbol in self.entries:
            return self.entries[symbol]
        for owner, suffix in splits(symbol):
            for base in self.entries.get(owner, {}).get("bases", ()):
                if (entry := self.find(base + suffix)) is not None:
                    return entry
        return None

    def _works(self, symbol: str) -> int:
        """Mask of versions: nothing said means as its parent; no parent means always."""
        owner = next((owner for owner, _ in splits(symbol)), "")
        room = self.works(owner) if owner else ALL
        entry = self.find(symbol)
        return room if entry is None else room & own_works(entry)

    def there(self, symbol: str, exact: tuple[int, ...]) -> bool:
        """On one micro release, such as (3, 8, 17)."""
        owner = next((owner for owner, _ in splits(symbol)), "")
        entry = self.find(symbol) or {}
        first = entry.get("micro", {}).get(f"3.{exact[1]}")
        own = exact >= tuple(map(int, first.split("."))) if first else own_works(entry) >> exact[1] & 1
        return bool(own) and (not owner or self.there(owner, exact))

    def platforms(self, symbol: str) -> list[str]:
        """The systems that a symbol, or what it is part of, is limited to; empty: none."""
        names = [symbol, *(owner for owner, _ in splits(symbol))]
        told = (self.entries.get(name, {}).get("platform", []) for name in names)
        found: list[str] = next(filter(None, told), [])
        return found


def splits(symbol: str) -> Iterator[tuple[str, str]]:
    """(owner, suffix) pairs, the longest owner first: a.b.c(x) -> (a.b.c, (x)), (a.b, .c(x)), (a, .b.c(x))."""
    for match in reversed(list(re.finditer(r"[.(\[]", symbol))):
        yield symbol[: match.start()], symbol[match.start() :]
