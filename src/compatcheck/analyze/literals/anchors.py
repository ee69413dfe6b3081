"""Which kinds of text that carry versions a module may hold: by its words, and by what such texts look like."""

from __future__ import annotations

import re
from functools import lru_cache

from compatcheck.model.rules import LiteralRule

_FORMATS = "str.format"
_BUILTIN = frozenset({b"str", b"bytes", b"bytearray"})
# How strings with fields begin.
_FORMATTED = (b"f'", b'f"', b"F'", b'F"', b"fr'", b'fr"', b"fR'", b'fR"', b"FR'", b'FR"', b"Fr'", b'Fr"')


def may_read(rule: LiteralRule, code: bytes, words: frozenset[bytes]) -> bool:
    """Whether the text may hold such a text, and somebody who reads it."""
    fields = formats(rule) and any(prefix in code for prefix in _FORMATTED)
    if not fields and not any(word + b"(" in code or word + b" (" in code for word in readers(rule, words)):
        return False
    return anchor(rule.anchor).search(code) is not None


def formats(rule: LiteralRule) -> bool:
    """Whether fields of f-strings are such texts, too."""
    return _FORMATS in rule.reads


def readers(rule: LiteralRule, words: frozenset[bytes]) -> set[bytes]:
    """The last words of the functions that read such texts, of those whose words are all there."""
    return {parts[-1] for parts in _functions(tuple(rule.reads)) if words.issuperset(parts)}


@lru_cache(maxsize=64)
def _functions(symbols: tuple[str, ...]) -> tuple[list[bytes], ...]:
    """By their words: of a method of a builtin class its own one, else the module's, too."""
    found = []
    for symbol in symbols:
        words = symbol.encode().split(b".")
        found.append(words[-1:] if words[0] in _BUILTIN else [words[0], words[-1]])
    return tuple(found)


@lru_cache(maxsize=64)
def anchor(pattern: str) -> re.Pattern[bytes]:
    """The compiled pattern of a rule."""
    return re.compile(pattern.encode())
