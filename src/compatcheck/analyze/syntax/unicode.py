"""What depends on the Unicode database of a Python: names of characters, and characters of identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.analyze.parser import blockers
from compatcheck.analyze.scans.unicode_tables import identifier_since, ideograph_since, ideograph_until, name_since
from compatcheck.analyze.syntax.bindings import plain, role_of_target
from compatcheck.analyze.syntax.escapes import context
from compatcheck.analyze.syntax.place import Hit, Place, hit

_NAME = re.compile(rb"\\N\{([^}\n]*)\}")
_WORD = re.compile(rb"[\w\x80-\xff]+")
_IDEOGRAPH = re.compile(r"(CJK) UNIFIED IDEOGRAPH-([0-9A-F]{4,5})\Z|(TANGUT) IDEOGRAPH-([0-9A-F]{5})\Z", re.IGNORECASE)
_SYLLABLE = re.compile(r"HANGUL SYLLABLE [A-Z]+\Z", re.IGNORECASE)
_CONSTANTS = frozenset({"None", "True", "False"})
_OLDEST = "3.6"  # the tables begin there


def character_name(place: Place) -> Iterator[Hit]:
    """`"\\N{…}"`."""
    around, match = context(place), _NAME.match(place.code, place.offset)
    if around is None or match is None or around.raw or b"b" in around.prefix:
        return
    name = match[1].decode("utf-8", "replace")
    variants = list(_of_name(name)) or (["unknown"] if blockers(b'"%b"' % match[0]) else [])
    for variant in variants:
        neutral = ((match.start(), b"_" * len(match[0])),)
        yield Hit(variant, match.start(), match.end(), {"name": name}, neutral)


def _of_name(name: str) -> Iterator[str]:
    if match := _IDEOGRAPH.match(name):
        yield from _of_ideograph(name, (match[1] or match[3]).upper(), match[2] or match[4])
    elif _SYLLABLE.match(name):
        if name != name.upper():
            yield "ideograph-case"
    elif name.isascii() and (since := name_since(name.upper())):
        yield _since(since)


def _of_ideograph(name: str, kind: str, number: str) -> Iterator[str]:
    point = int(number, 16)
    since = ideograph_since(kind, point)
    if since is None:
        return
    if ideograph_until(point):
        yield "ideograph-lost"
    elif since != _OLDEST:
        yield _since(since)
    if number.upper() != f"{point:04X}":
        yield "ideograph-zero"
    elif name != name.upper():
        yield "ideograph-case"


def identifier(place: Place) -> Iterator[Hit]:
    """An identifier with a character that came to Unicode after Python 3.6; the place is its start."""
    word = _WORD.match(place.code, place.offset)
    if word is None or context(place) is not None or place.node.type in ("comment", "string_start"):
        return
    text = word[0].decode("utf-8", "replace")
    found = [(since, char) for at, char in enumerate(text) if (since := identifier_since(ord(char), not at))]
    newer = {char for _, char in found}
    if found and not blockers("".join("x" if char in newer else char for char in text).encode()):
        since, char = max(found, key=lambda pair: int(pair[0].partition(".")[2]))
        yield Hit(_since(since), word.start(), word.end(), {"character": char}, ((word.start(), b"_" * len(word[0])),))


def disguised_constant(place: Place) -> Iterator[Hit]:
    """A name that is `None`, `True` or `False` once it is normalized."""
    node, parent = place.node, place.node.parent
    if node.type != "identifier" or parent is None or plain(place.text(node)) not in _CONSTANTS:
        return
    attribute = parent.type == "attribute" and parent.child_by_field_name("attribute") == node
    assigned = attribute and role_of_target(parent) != "used"
    assigned |= parent.type == "keyword_argument" and parent.child_by_field_name("name") == node
    text = place.text(node).decode("utf-8", "replace")
    yield hit("assigned" if assigned else "name", node, name=text, constant=plain(place.text(node)))


def _since(version: str) -> str:
    return f"since-{version.replace('.', '-')}"
