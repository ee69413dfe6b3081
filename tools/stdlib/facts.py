"""What the sources say about symbols, before it is reconciled."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

SOURCES = ("review", "probe", "typeshed", "docs", "vermin")
WEAK = "probe-weak"  # a class without the attribute, which its instances may have all the same


@dataclass(slots=True)
class Claim:
    """Bit masks of versions: where the source knows, and where it says that the symbol is there."""

    known: int = 0
    present: int = 0

    def says(self, minors: int, there: bool) -> None:
        self.known |= minors
        if there:
            self.present |= minors
        else:
            self.present &= ~minors


@dataclass(slots=True)
class Symbol:
    kind: str = ""
    parent: str = ""  # the symbol it can only exist with; empty for top-level modules
    claims: dict[str, Claim] = field(default_factory=lambda: defaultdict(Claim))
    extra: dict[str, Any] = field(default_factory=dict)  # keys of the rule files that need no reconciling
    bases: list[str] = field(default_factory=list)
    instance_only: bool = False  # an attribute that the class itself does not have
    alias: bool = False  # another name of its only base
    returns: str = ""  # class of a call's result or an attribute's value


class Facts(dict[str, Symbol]):
    def claim(self, name: str, kind: str, parent: str, source: str) -> Claim:
        symbol = self.setdefault(name, Symbol())
        symbol.kind = symbol.kind or kind
        symbol.parent = symbol.parent or parent
        return symbol.claims[source]


def builtin(name: str) -> str:
    """Builtins are written without their module."""
    return name.removeprefix("builtins.")
