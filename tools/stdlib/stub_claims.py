"""Turns typeshed's snapshots into claims: availability, parameters, platforms, results, deprecations."""

import re
from functools import lru_cache

from tools.stdlib import cache
from tools.stdlib.facts import Facts, builtin
from tools.stdlib.stub_table import Row, StubTable, anywhere, platforms
from tools.stdlib.typeshed import SNAPSHOTS
from tools.stdlib.versions import ALL

KINDS = {"class": "class", "function": "function", "variable": "constant", "alias": "constant"}
MEMBER_KINDS = {"class": "class", "function": "method", "variable": "attribute", "alias": "attribute"}
BY_NAME = "KO"
NOT_OURS = {"typing_extensions", "sitecustomize", "usercustomize", "mypy_extensions"}  # in typeshed all the same
# What calls really return where typeshed names the abstract class, which lacks members that all real ones have.
CONCRETE = {"asyncio.AbstractEventLoop": "asyncio.SelectorEventLoop"}
SINCE = re.compile(r"[Dd]eprecated (?:since|in) Python (3\.\d+)")
GONE = re.compile(r"removed in Python (3\.\d+)")
USE = re.compile(r"Use `([^`]+)` instead")


@lru_cache(1)
def tables() -> list[StubTable]:
    """Newest first."""
    rows = ((snapshot, cache.load(f"typeshed-{snapshot.mypy}")) for snapshot in reversed(SNAPSHOTS))
    return [StubTable(found, snapshot.minors) for snapshot, found in rows if found]


def names() -> set[str]:
    """Every public name of a module that any snapshot knows, as the rule files write it."""
    spots = ((module, name) for table in tables() for module in table.modules() for name in table.names(module))
    return {builtin(f"{module}.{name}") for module, name in spots}


def add(facts: Facts) -> None:
    known = tables()
    for table in known:
        Adder(facts, table).add()


class Adder:
    def __init__(self, facts: Facts, table: StubTable) -> None:
        self.facts, self.table = facts, table
        self.owners: dict[str, str] = {}  # definition -> canonical public symbol

    def add(self) -> None:
        modules = [module for module in self.table.modules() if public(module)]
        for module in modules:
            self.add_module(module)
        spots = [(module, found, row) for module in modules for found, row in self.table.names(module).items()]
        spots.sort(key=lambda spot: (self.late(builtin(f"{spot[0]}.{spot[1]}")), spot[0].count("."), spot[0], spot[1]))
        for module, found, row in spots:
            self.add_name(module, found, row)
        for module in modules:
            self.whole_platform(module)
        for definition, symbol in list(self.owners.items()):
            self.add_members(symbol, definition)

    def late(self, symbol: str) -> bool:
        return symbol not in self.facts or self.facts[symbol].alias

    def add_module(self, module: str) -> None:
        row = self.table.rows[module]
        versions, known = row.get("lifetime", anywhere(row)), ALL if "lifetime" in row else self.table.window
        self.says(module, "module", module.rpartition(".")[0], versions, known)

    def says(self, symbol: str, kind: str, parent: str, versions: int, known: int) -> None:
        """Newer snapshots come first and keep their word."""
        claim = self.facts.claim(symbol, kind, parent, "typeshed")
        fresh = known & ~claim.known
        claim.says(fresh & versions, True)
        claim.says(fresh & ~versions, False)

    def add_name(self, module: str, found: str, row: Row) -> None:
        symbol = builtin(f"{module}.{found}")
        definition = self.table.definition(f"{module}.{found}")
        target = self.table.rows.get(definition, row)
        if target["k"] == "module" or (symbol in self.facts and self.facts[symbol].kind == "module"):
            return
        kind = KINDS[target["k"]]
        if kind == "class" and any(base in self.exceptions for base in self.table.mro(definition)):
            kind = "exception"
        self.says(symbol, kind, module, anywhere(row), self.table.window)
        self.extras(symbol, row)
        if kind in ("class", "exception"):
            owner = self.owners.setdefault(definition, symbol)
            unprobed = "probe" not in self.facts[symbol].claims
            if owner != symbol and unprobed and not self.facts[symbol].bases and not self.facts[owner].alias:
                self.facts[symbol].bases, self.facts[symbol].alias = [owner], True
        elif kind == "function":
            self.parameters(symbol, target)
        self.results(symbol, target, "")

    exceptions = frozenset({"builtins.BaseException"})

    def extras(self, symbol: str, row: Row) -> None:
        extra = self.facts[symbol].extra
        if "platform" not in extra and "typeshed-seen" not in extra:
            extra["typeshed-seen"] = True
            if found := platforms(row):
                extra["platform"] = found
        message = "" if row.get("overloads") else row.get("dep", "")
        for key, pattern in (("deprecated", SINCE), ("removal", GONE), ("instead", USE)):
            if message and (match := pattern.search(message)):
                extra.setdefault(key, match[1])

    def whole_platform(self, module: str) -> None:
        """A module that has names on some systems only exists on those only."""
        found = [platforms(row) for row in self.table.names(module).values()]
        extra = self.facts[module].extra
        if "typeshed-seen" not in extra and found:
            extra["typeshed-seen"] = True
            if found[0] and all(each == found[0] for each in found):
                extra["platform"] = found[0]

    def add_members(self, symbol: str, definition: str) -> None:
        members = self.table.members(definition)
        self.constructor(symbol, members)
        alive = anywhere(self.table.rows[definition])
        for member, (row, versions) in members.items():
            if member.startswith("_"):
                continue
            full = f"{symbol}.{member}"
            self.says(full, MEMBER_KINDS[row["k"]], symbol, versions, self.table.window & alive)
            self.extras(full, row)
            if row["k"] == "function":
                self.parameters(full, row)
            self.results(full, row, symbol)

    def constructor(self, symbol: str, members: dict[str, tuple[Row, int]]) -> None:
        rows = [members[made][0] for made in ("__init__", "__new__") if made in members]
        if len(rows) == 1:
            self.parameters(symbol, rows[0])

    def parameters(self, symbol: str, row: Row) -> None:
        found = row.get("p", {})
        anything = sum(found.get("**", {}).values())
        for parameter, letters in found.items():
            versions = sum(versions for kind, versions in letters.items() if kind in BY_NAME)
            if versions and not parameter.startswith("_"):
                full = f"{symbol}({parameter})"
                self.says(full, "parameter", symbol, versions, row.get("sig", 0) & (versions | ~anything))

    def results(self, symbol: str, row: Row, receiver: str) -> None:
        found = {"None"} ^ {"None", *row.get("ret", ())}
        if self.facts[symbol].returns or len(found) != 1 or row["k"] not in ("function", "variable"):
            return
        spelling = found.pop()
        self.facts[symbol].returns = receiver if spelling == "Self" else self.canonical(spelling)

    def canonical(self, spelling: str) -> str:
        definition = self.table.definition(spelling) if spelling else ""
        owner = self.owners.get(definition, "") if definition else ""
        return CONCRETE.get(owner, owner)


def public(module: str) -> bool:
    if module.split(".")[0] in NOT_OURS:
        return False
    return not any(part.startswith("_") for part in module.split(".")) or module == "__future__"
