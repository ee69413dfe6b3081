"""Which kinds of text that carry versions a module may hold: by its words, and by what such texts look like."""

from __future__ import annotations

import re
from functools import lru_cache

from compatcheck.model.rules import LiteralRule

_FORMATS = "str.format"


def may_read(rule: LiteralRule, code: bytes, words: frozenset[bytes]) -> bool:
    """Whether the text may hold such a text, and somebody who reads it."""
    if words.isdisjoint(readers(rule)) and not (formats(rule) and b"{" in code):
        return False
    return anchor(rule.anchor).search(code) is not None


def formats(rule: LiteralRule) -> bool:
    """Whether fields of f-strings are such texts, too."""
    return _FORMATS in rule.reads


def readers(rule: LiteralRule) -> set[bytes]:
    """The last words of the functions that read such texts."""
    return {symbol.rpartition(".")[2].encode() for symbol in rule.reads}


@lru_cache(maxsize=64)
def anchor(pattern: str) -> re.Pattern[bytes]:
    """The compiled pattern of a rule."""
    return re.compile(pattern.encode())
