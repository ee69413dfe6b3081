"""One typeshed snapshot as a table that can be asked what a dotted name stands for."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from tools.stdlib.versions import mask

Row = dict[str, Any]
PLATFORMS = ("linux", "win32", "darwin")


class StubTable:
    def __init__(self, rows: dict[str, Row], minors: range) -> None:
        self.rows, self.window = rows, mask(minors)
        self.children: dict[str, list[str]] = {}
        for symbol in rows:
            self.children.setdefault(symbol.rpartition(".")[0], []).append(symbol.rpartition(".")[2])
        self.definition = cache(self._definition)
        self.members = cache(self._members)

    def modules(self) -> list[str]:
        return [symbol for symbol, row in self.rows.items() if row["k"] == "module"]

    def names(self, module: str, seen: frozenset[str] = frozenset()) -> dict[str, Row]:
        """Public names of a module with their own rows, those of star imports too."""
        found: dict[str, Row] = {}
        for star in self.rows[module].get("stars", ()):
            if star in self.rows and star not in seen:
                found |= self.names(star, seen | {module})
        for name in self.children.get(module, ()):
            row = self.rows[f"{module}.{name}"]
            if row["k"] != "module" and not name.startswith("_"):
                found[name] = united(row, found[name]) if name in found else row
        return found

    def _definition(self, symbol: str) -> str:
        """Where a name is really defined, through aliases, star imports and builtins; empty when unknown."""
        seen: set[str] = set()
        while symbol and symbol not in seen:
            seen.add(symbol)
            row = self.rows.get(symbol)
            if row is None:
                symbol = self.through_star(symbol)
            elif row["k"] != "alias":
                return symbol
            else:
                symbol = row["to"]
        return ""

    def through_star(self, symbol: str) -> str:
        module, _, name = symbol.rpartition(".")
        for star in self.rows.get(module, {}).get("stars", ()):
            if found := self.definition(f"{star}.{name}"):
                return found
        builtin = f"builtins.{name}"
        return builtin if builtin in self.rows and module != "builtins" else ""

    def mro(self, symbol: str, seen: frozenset[str] = frozenset()) -> Iterator[str]:
        yield symbol
        for base in self.rows[symbol].get("bases", ()):
            found = self.definition(base)
            if found and found not in seen and self.rows[found]["k"] == "class":
                yield from self.mro(found, seen | {symbol})

    def _members(self, symbol: str) -> dict[str, tuple[Row, int]]:
        """name -> (row of the nearest definition, versions in which any class of the MRO has it)."""
        found: dict[str, tuple[Row, int]] = {}
        for owner in self.mro(symbol):
            for name in self.children.get(owner, ()):
                row = self.rows[f"{owner}.{name}"]
                old, versions = found.get(name, (row, 0))
                found[name] = (old, versions | anywhere(row))
        return found


def united(row: Row, other: Row) -> Row:
    """Of a name that some versions define and others import."""
    return row | {name: row.get(name, 0) | other.get(name, 0) for name in PLATFORMS}


def anywhere(row: Row) -> int:
    return int(row.get("linux", 0) | row.get("win32", 0) | row.get("darwin", 0))


def platforms(row: Row) -> list[str]:
    """The systems that have it in the newest version that any has; empty where all do."""
    newest = anywhere(row).bit_length() - 1
    found = [name for name in PLATFORMS if row.get(name, 0) >> newest & 1] if newest >= 0 else []
    if len(found) == len(PLATFORMS):
        return []
    return ["unix"] if found == ["linux", "darwin"] else found
