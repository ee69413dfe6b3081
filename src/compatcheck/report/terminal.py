"""Text of checked files on its way to a terminal: nothing in it may move the cursor or hide what follows."""

from __future__ import annotations

import unicodedata

# Cc: escapes and line ends; Cs: lone surrogates, which no encoding writes; Zl, Zp: line ends in some viewers.
_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Of the invisible Cf only what reorders text (the "Trojan Source" characters): joiners belong to real words.
_REORDERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def harmless(text: str) -> str:
    """The text with control, reordering and unprintable characters written as escapes (`\\x1b`, `\\u202e`)."""
    if text.isprintable():
        return text
    return "".join(_shown(character) for character in text)


def _shown(character: str) -> str:
    if character not in _REORDERING and unicodedata.category(character) not in _UNSAFE:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
