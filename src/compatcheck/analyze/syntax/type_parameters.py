"""Type parameters, their defaults, and `type` statements. The tree's grammar is behind: these read tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.analyze.scans.tokens import is_name, next_token, stop
from compatcheck.analyze.syntax.bindings import plain
from compatcheck.analyze.syntax.place import Hit, Place
from compatcheck.analyze.syntax.surroundings import around_code, is_word

_DEFINITIONS = ([b"def"], [b"class"])


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: bytes
    start: int
    end: int
    has_default: bool


def parameters(place: Place) -> Iterator[Hit]:
    """At the opening bracket."""
    owner = _owner(place)
    if not owner:
        return
    end, found = _parameters(place)
    defaults = [parameter for parameter in found if parameter.has_default]
    for parameter in defaults:
        yield Hit("default", parameter.start, parameter.end, {"name": parameter.name.decode("utf-8", "replace")})
    if not defaults and owner != b"type":
        yield Hit("plain", place.offset, end)


def misdeclared(place: Place) -> Iterator[Hit]:
    """Names twice, names that are reserved, and names without a default behind one that has one."""
    if not _owner(place):
        return
    seen: set[str] = set()
    default = False
    for parameter in _parameters(place)[1]:
        name = plain(parameter.name)
        variants = {"duplicate": name in seen, "default-order": default and not parameter.has_default}
        for variant in [key for key, is_so in (variants | {"reserved": name == "__classdict__"}).items() if is_so]:
            yield Hit(variant, parameter.start, parameter.end, {"name": name})
        seen.add(name)
        default |= parameter.has_default


def type_statement(place: Place) -> Iterator[Hit]:
    """At the word `type`."""
    around = around_code(place) if is_word(place, b"type") else []
    if len(around) != 1 or around[0].tokens:
        return
    name, at = next_token(place.code, place.offset + 4)
    if is_name(name) and next_token(place.code, at + len(name))[0] in (b"=", b"["):
        yield Hit("plain", place.offset, at + len(name), {"name": name.decode("utf-8", "replace")})


def _owner(place: Place) -> bytes:
    """What the brackets belong to: `def`, `class`, `type`, or nothing."""
    around = around_code(place) if place.code[place.offset] == 0x5B else []
    words = around[-1].words if around else []
    if len(words) > 1 and words[-2:-1] in _DEFINITIONS and is_name(words[-1]):
        return words[-2]
    return b"type" if len(words) == 2 and words[0] == b"type" and is_name(words[1]) else b""


def _parameters(place: Place) -> tuple[int, list[_Parameter]]:
    """The end of the brackets, and what is in them."""
    found = []
    at = place.offset + 1
    while True:
        begins = next_token(place.code, at, skip_lines=True)[1]
        name, has_default = b"", False
        token, end = stop(place.code, at)
        while token in (b":", b"="):
            name = name or place.code[begins:end].strip(b"* \t\n\\")
            has_default |= token == b"="
            token, end = stop(place.code, end + 1)
        text = place.code[begins:end].rstrip()
        if text:
            found.append(_Parameter(name or text.strip(b"* \t\n\\"), begins, begins + len(text), has_default))
        if token != b",":
            return end + 1, found
        at = end + 1
