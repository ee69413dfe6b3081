"""Whether a value is a secret, or only stands where one belongs: entropy, placeholders, words."""

from __future__ import annotations

import math
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterable

from compatcheck.model.secrets import Lore

_PIECES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|[^A-Za-z\d]+")
# Those that names have at their end, and those that are typed without a thought.
_SHORT_NUMBER = re.compile(r"\d{1,2}|1234?5?6?7?8?9?0?|0{3,}")
# Longer runs of letters of both cases are no identifier that anyone types.
_LONGEST_NAME = 40
_PLAIN_SIGNS = frozenset("_-./:, |<>()%")
_FILE = re.compile(r"[\w./\\ -]+\.[A-Za-z]{1,5}")
_DATE = re.compile(r"[\dT:./ +Z-]+")
_REGEX = re.compile(r"\\[dwsbS]|\[[^\]]*-[^\]]*\]|\(\?")


class Judge:
    """Knows what rules/environment.yaml says of values."""

    def __init__(self, lore: Lore) -> None:
        self._placeholder = _any_of(lore.placeholders)
        self._empty = _any_of((*lore.placeholders, *lore.trivial))
        self._reference = _any_of(lore.references)

    def is_placeholder(self, value: str) -> bool:
        """Whether the value was left in from an example."""
        return self._placeholder.fullmatch(value.strip()) is not None

    def is_reference(self, value: str) -> bool:
        """Whether the value only says where the secret stands."""
        return self._reference.fullmatch(value.strip()) is not None

    def says_nothing(self, value: str) -> bool:
        """Whether nobody would lose anything with the value: a placeholder, a word for tests, a reference."""
        return self._empty.fullmatch(value.strip()) is not None or self.is_reference(value)


def _any_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _apart(patterns)), re.IGNORECASE | re.DOTALL)


def _apart(patterns: Iterable[str]) -> Iterable[str]:
    """Patterns that can stand beside each other: numbered groups are counted on."""
    groups = 0
    for pattern in patterns:
        parts = re.split(r"\\([1-9])", pattern)
        yield "".join(f"\\{int(part) + groups}" if odd % 2 else part for odd, part in enumerate(parts))
        groups += re.compile(pattern).groups


def password_in(value: bytes) -> bytes:
    """The password of a `user:password` in base64; any other value as it is."""
    try:
        decoded = b64decode(value, validate=True)
    except ValueError:
        return value
    user, sign, password = decoded.partition(b":")
    return password if sign and user.isascii() else value


def entropy(value: bytes) -> float:
    """Shannon's, in bits a byte."""
    length = len(value) or 1
    return -sum(count / length * math.log2(count / length) for count in Counter(value).values())


def made_of_words(value: str) -> bool:
    """Whether the value reads as a name, a path, a sentence, a pattern or a date."""
    value = value.strip()
    if _FILE.fullmatch(value) or _DATE.fullmatch(value) or _REGEX.search(value) or len(value.split()) > 1:
        return True
    pieces = _PIECES.findall(value)
    words = [piece for piece in pieces if piece.isalpha()]
    numbers = [piece for piece in pieces if piece.isdigit()]
    signs = {sign for piece in pieces if not piece.isalnum() for sign in piece}
    if numbers and not all(map(_SHORT_NUMBER.fullmatch, numbers)):
        return False
    if len(numbers) > max(1, len(words) // 3) or not signs <= _PLAIN_SIGNS:
        return False
    longest = max(map(len, re.split(r"[^A-Za-z\d]", value)))
    return longest <= _LONGEST_NAME and sum(map(len, words)) >= 2.5 * len(words)
