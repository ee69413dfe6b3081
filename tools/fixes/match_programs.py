"""Programs that match random subjects with random patterns, and print what was chosen and bound."""

from __future__ import annotations

from random import Random

PREAMBLE = """\
from collections import deque, namedtuple
from dataclasses import dataclass, field
from types import MappingProxyType


class K:
    one, word = 1, "a"


@dataclass
class Point:
    x: int
    y: object = 0
    z: int = field(default=3, init=False)


Pair = namedtuple("Pair", "left right")


class Named:
    __match_args__ = ("name",)

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return "Named({!r})".format(self.name)


class Words(str):
    pass


SUBJECTS = [
    0, 1, 2, 1.0, True, False, None, "a", "ab", "", b"a", (), [], [1], [1, 2], (1, "a"), [1, [2, 3]], [[1], [2]],
    deque([1, 2]), range(3), range(0), {}, {"a": 1}, {"a": 1, "b": [1, 2]}, MappingProxyType({"a": 2}), {1: "a", None: 0},
    Point(0), Point(1, 2), Point(1, [1, 2]), Point(1, Point(0)), Pair(1, 2), Pair("a", Pair(0, 1)), Named("a"), Named(1),
    {1, 2}, bytearray(b"a"), Words("a"), [Point(0), Point(1)], {"a": Point(0, "a")}, (1, 2, 3, 4), [None, True], 3 + 0j,
]


shown = repr
"""
_LITERALS = ("0", "1", "2", "-1", '"a"', '"ab"', 'b"a"', "None", "True", "False", "1.0", "K.one", "K.word")
_KEYS = ('"a"', '"b"', "1", "None", "K.one")
_SELF = ("int", "str", "float", "bool", "list", "tuple", "dict", "bytes", "set")


def program(random: Random) -> str:
    """One function with one `match`, called with every subject."""
    several = random.random() < 0.2
    cases = [_case(random) for _ in range(random.randint(1, 5))]
    if random.random() < 0.4:
        name = random.choice(("_", "whatever"))
        cases.append(f"        case {name}:\n            chosen = 'last'\n")
    subject = "subject, other" if several else random.choice(("subject", "subject", "[subject][0]"))
    return (
        f"{PREAMBLE}\n\ndef choose(subject, other=1):\n    chosen = None\n    match {subject}:\n{''.join(cases)}"
        "    return chosen, sorted((k, shown(v)) for k, v in locals().items() if k[0] != '_' and k != 'subject')\n\n\n"
        "for each in SUBJECTS:\n    print(shown(each), choose(each))\n"
    )


def _case(random: Random) -> str:
    names = random.sample(["a", "b", "c"], random.choice((0, 0, 1, 1, 2)))
    pattern = _refutable(random, names)
    guard = ""
    if random.random() < 0.35:
        guard = f" if {random.choice(names)}" if names and random.random() < 0.8 else " if other"
    mark = random.randint(0, 99)
    end = random.choice(("", "            return 'left', chosen\n"))
    return f"        case {pattern}{guard}:\n            chosen = {mark}\n{end}"


def _refutable(random: Random, names: list[str]) -> str:
    while (pattern := _pattern(random, list(names), 3)) in ("_", "a", "b", "c"):
        pass
    return pattern


def _pattern(random: Random, names: list[str], depth: int) -> str:
    """A pattern that binds exactly these names."""
    if depth <= 0 or random.random() < 0.25:
        return _leaf(random, names)
    kind = random.choice(("list", "list", "mapping", "class", "or", "as", "self"))
    if kind == "as" and names:
        return f"({_refutable_inner(random, names[1:], depth - 1)} as {names[0]})"
    if kind == "or":
        count = random.randint(2, 3)
        return "(" + " | ".join(_refutable_inner(random, list(names), depth - 1) for _ in range(count)) + ")"
    if kind == "mapping":
        return _mapping(random, names, depth)
    if kind == "class":
        return _class(random, names, depth)
    if kind == "self" and len(names) <= 1:
        return f"{random.choice(_SELF)}({_pattern(random, names, depth - 1) if names or random.random() < 0.3 else ''})"
    return _sequence(random, names, depth)


def _refutable_inner(random: Random, names: list[str], depth: int) -> str:
    for _ in range(20):
        pattern = _pattern(random, list(names), depth)
        if pattern not in ("_", "a", "b", "c"):
            return pattern
    return f"[{', '.join(names)}]"


def _leaf(random: Random, names: list[str]) -> str:
    if not names:
        return random.choice((*_LITERALS, "_"))
    if len(names) == 1:
        return names[0]
    return f"[{', '.join(names)}]"


def _shares(random: Random, names: list[str], count: int) -> list[list[str]]:
    shares: list[list[str]] = [[] for _ in range(count)]
    for name in names:
        random.choice(shares).append(name)
    return shares


def _sequence(random: Random, names: list[str], depth: int) -> str:
    count = random.randint(1 if names else 0, 3)
    parts = [_pattern(random, share, depth - 1) for share in _shares(random, names, count)]
    if random.random() < 0.4:
        parts.insert(random.randint(0, len(parts)), "*_")
    elif random.random() < 0.3 and names and (name := random.choice(names)) in parts:
        parts[parts.index(name)] = f"*{name}"
    return f"[{', '.join(parts)}]" if random.random() < 0.7 or len(parts) < 2 else f"({', '.join(parts)})"


def _mapping(random: Random, names: list[str], depth: int) -> str:
    keys = random.sample(_KEYS[:4], random.randint(1 if names else 0, 2))
    rest = ""
    if names and random.random() < 0.3:
        rest = names.pop()
    shares = _shares(random, names, len(keys)) if keys else []
    if not keys and names:
        return _leaf(random, [*names, *([rest] if rest else [])])
    parts = [f"{key}: {_pattern(random, share, depth - 1)}" for key, share in zip(keys, shares, strict=True)]
    return "{" + ", ".join([*parts, *([f"**{rest}"] if rest else [])]) + "}"


def _class(random: Random, names: list[str], depth: int) -> str:
    name, fields = random.choice((("Point", ("x", "y")), ("Pair", ("left", "right")), ("Named", ("name",))))
    count = random.randint(1 if names else 0, len(fields))
    shares = _shares(random, names, count) if count else []
    inner = [_pattern(random, share, depth - 1) for share in shares]
    positional = random.randint(0, count)
    parts = inner[:positional] + [f"{fields[at]}={inner[at]}" for at in range(positional, count)]
    return f"{name}({', '.join(parts)})"
