"""What gives a symbol to versions that lack it."""

from __future__ import annotations

from dataclasses import dataclass

from compatcheck.fix.refusal import Refused
from compatcheck.fix.spot import Spot
from compatcheck.fix.versions import marker_for


@dataclass(frozen=True, slots=True)
class Provision:
    """Exactly one of: `same` (another symbol), `inline` (an expression), `define` (code), `backport` (module, name).

    `works_on` is the specifier of the versions that have the symbol themselves; `distribution` brings the backport.
    """

    symbol: str
    works_on: str
    same: str | None = None
    inline: str | None = None
    define: str | None = None
    backport: tuple[str, str] | None = None
    distribution: str | None = None

    def need(self, spot: Spot) -> None:
        if self.distribution is not None:
            spot.need(self.distribution, marker_for(self.works_on))


def provision(spot: Spot, symbol: str, works_on: str | None = None) -> Provision:
    """What rules/ knows about a symbol. Raises Refused when that is nothing, or needs --unsafe."""
    specifier = works_on or spot.finding.works_on or ""
    entry = spot.context.entry(symbol)
    if "refuse" in entry:
        raise Refused(entry["refuse"])
    if entry.get("safety") == "unsafe" and not spot.context.unsafe:
        raise Refused("what stands for it may behave otherwise: --unsafe takes it")
    if entry:
        return Provision(symbol, specifier, entry.get("same"), entry.get("inline"), entry.get("define"))
    fact = spot.context.stdlib.fact(symbol)
    if fact is not None and fact.backport is not None:
        distribution, colon, path = fact.backport.partition(":")
        if fact.kind == "module" and (path or distribution) == symbol:
            need = f"{distribution}; {marker_for(specifier)}"
            raise Refused(f"the module comes back with a distribution: declare `{need}`")
        if fact.kind == "module":
            return Provision(symbol, specifier, backport=(path or distribution, ""), distribution=distribution)
        module, _, name = path.rpartition(".") if colon else (distribution, "", symbol.rpartition(".")[2])
        return Provision(symbol, specifier, backport=(module, name), distribution=distribution)
    instead = f"; use {fact.instead}" if fact is not None and fact.instead else ""
    raise Refused(f"nothing is known that does the same everywhere{instead}")
