"""Sets of CPython minor versions as bit masks, and how the rule files write them."""

from collections.abc import Iterable, Iterator

FIRST, LAST = 0, 15  # 3.0 … 3.15
MINORS = range(FIRST, LAST + 1)
ALL = (1 << (LAST + 1)) - 1
PROBED_FROM = 6  # no interpreter older than 3.6 can be run


def bit(minor: int) -> int:
    return 1 << minor


def since(minor: int) -> int:
    """All versions from 3.minor on."""
    return ALL & ~(bit(max(minor, 0)) - 1)


def until(minor: int) -> int:
    """All versions up to 3.minor."""
    return ALL & (bit(minor + 1) - 1)


def mask(minors: Iterable[int]) -> int:
    total = 0
    for minor in minors:
        total |= bit(minor)
    return total


def minors(versions: int) -> Iterator[int]:
    return (minor for minor in MINORS if versions & bit(minor))


def intervals(versions: int) -> list[tuple[int, int]]:
    """[(first minor, last minor), …] of the runs of set bits."""
    found: list[tuple[int, int]] = []
    for minor in minors(versions):
        if found and found[-1][1] == minor - 1:
            found[-1] = (found[-1][0], minor)
        else:
            found.append((minor, minor))
    return found


def name(minor: int) -> str:
    return f"3.{minor}"


def parse(version: str) -> int:
    """The minor version that a text such as "3.12" or "3.12.1" means."""
    major, minor = version.split(".")[:2]
    if major != "3":
        raise ValueError(f"not a Python 3 version: {version}")
    return int(minor)


def span(first: int, last: int) -> str:
    """An interval as the rule files write it: "3.2-3.9", "-3.9", "3.11-"."""
    left = "" if first == FIRST else name(first)
    right = "" if last == LAST else name(last)
    return f"{left}-{right}"


def fields(works: int, parent: int = ALL) -> dict[str, object]:
    """since/until/works that tell `works` apart from its parent; nothing where both are the same."""
    works &= parent
    if works == parent:
        return {}
    runs = intervals(works)
    if len(runs) == 1 and parent & since(runs[0][0]) & until(runs[0][1]) == works:
        (first, last), lower, upper = runs[0], min(minors(parent)), max(minors(parent))
        found: dict[str, object] = {}
        if first != lower:
            found["since"] = name(first)
        if last != upper:
            found["until"] = name(last)
        return found
    return {"works": [span(first, last) for first, last in runs]}
