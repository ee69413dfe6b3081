"""Old facts from vermin's tables: the first minor version of a module, member or keyword argument."""

from collections.abc import Iterator

from tools.stdlib import cache
from tools.stdlib.facts import Facts
from tools.stdlib.versions import PROBED_FROM, since, until


def collect() -> None:
    """{symbol: first 3.x minor, or None where it is in Python 2 only}."""
    from vermin import rules
    from vermin.config import Config

    config = Config()
    found = {name: first(versions) for name, versions in rules.MOD_REQS(config).items()}
    members = {name: first(versions) for name, versions in rules.MOD_MEM_REQS(config).items()}
    arguments = {f"{name}({key})": first(found) for (name, key), found in rules.KWARGS_REQS(config).items()}
    cache.save("vermin", {"modules": found, "members": members, "parameters": arguments})


def first(versions: tuple[object, tuple[int, int] | None]) -> int | None:
    newer = versions[1]
    return None if newer is None else newer[1]


def names() -> Iterator[str]:
    tables = cache.load("vermin") or {}
    for table in ("modules", "members"):
        yield from (name for name, minor in tables.get(table, {}).items() if minor is not None)


def add(facts: Facts) -> None:
    for table, kind in (("modules", "module"), ("members", ""), ("parameters", "parameter")):
        for name, minor in (cache.load("vermin") or {}).get(table, {}).items():
            if minor is not None and (name in facts or plausible(facts, name)):
                add_one(facts, name, kind, minor)


def parent_of(facts: Facts, name: str) -> str:
    owner = name.partition("(")[0] if name.endswith(")") else name.rpartition(".")[0]
    return owner if owner in facts else ""


def plausible(facts: Facts, name: str) -> bool:
    """A name that no better source knows: only arguments, and attributes that instances of a class may have."""
    owner = parent_of(facts, name)
    return bool(owner) and (name.endswith(")") or facts[owner].kind in ("class", "exception"))


def add_one(facts: Facts, name: str, kind: str, minor: int) -> None:
    """vermin knows nothing of removals: its word counts for what is older than the probed interpreters."""
    known = name in facts
    claim = facts.claim(name, kind or "attribute", parent_of(facts, name), "vermin")
    claim.says(since(minor), True)
    if minor:
        claim.says(until(minor - 1), False)
    if known and facts[name].claims["probe"].known:
        old = until(PROBED_FROM - 1) | (since(PROBED_FROM) & until(minor))
        claim.known &= old
        claim.present &= old
