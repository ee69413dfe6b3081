"""What people decided and know: decisions.yaml settles what sources cannot, advice.yaml adds what no source gives."""

from pathlib import Path
from typing import Any

import yaml

from tools.stdlib.facts import Facts
from tools.stdlib.reader import interval
from tools.stdlib.versions import ALL, parse, since, until

HERE = Path(__file__).parent
ADVICE = ("instead", "deprecated", "removal")


def read(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    return loaded


def decide(facts: Facts) -> list[str]:
    """Applies decisions.yaml; gives the symbols in it that no source knows any more."""
    rules = read("decisions.yaml")
    unknown = []
    for symbol, ruling in rules["symbols"].items():
        if symbol in facts:
            rule(facts, symbol, ruling)
        else:
            unknown.append(symbol)
    for group in rules["micro"]:
        for symbol in group["symbols"]:
            if symbol in facts:
                settle(facts, symbol, since(parse(group["since"])))
                facts[symbol].extra["micro"] = group["releases"]
            else:
                unknown.append(symbol)
    return unknown


def rule(facts: Facts, symbol: str, ruling: dict[str, Any]) -> None:
    if ruling.get("drop"):
        for name in [name for name in facts if name == symbol or name.startswith((f"{symbol}.", f"{symbol}("))]:
            del facts[name]
        return
    if ruling.get("deprecated") is False:
        for key in ADVICE:
            facts[symbol].extra.pop(key, None)
    if "micro" in ruling:
        facts[symbol].extra["micro"] = ruling["micro"]
        if not ruling["micro"]:
            del facts[symbol].extra["micro"]
    versions = works(ruling)
    if versions is not None:
        settle(facts, symbol, versions)


def works(ruling: dict[str, Any]) -> int | None:
    if "works" in ruling:
        versions = 0
        for text in ruling["works"]:
            versions |= interval(text)
        return versions
    if "since" in ruling or "until" in ruling:
        return since(parse(ruling.get("since", "3.0"))) & until(parse(ruling.get("until", "3.15")))
    return None


def settle(facts: Facts, symbol: str, versions: int) -> None:
    claim = facts[symbol].claims["review"]
    claim.known, claim.present = ALL, versions


def advice() -> dict[str, dict[str, str]]:
    rules = read("advice.yaml")
    given: dict[str, dict[str, str]] = {symbol: dict(entry) for symbol, entry in rules["symbols"].items()}
    for distribution, symbols in rules["backports"].items():
        for symbol in symbols:
            given.setdefault(symbol, {})["backport"] = distribution
    return given


def advise(facts: Facts) -> list[str]:
    """Adds advice.yaml to what is there; gives the symbols in it that no source knows."""
    given = advice()
    for symbol, entry in given.items():
        if symbol in facts:
            facts[symbol].extra |= entry
    return [symbol for symbol in given if symbol not in facts]
