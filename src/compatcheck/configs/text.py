"""Bytes to text, and text as messages show it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

_HALVES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def decoded(data: bytes) -> str | UnicodeDecodeError:
    """The text of a configuration: UTF-8, or UTF-16 where a byte order mark says so."""
    try:
        return data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        return error


def whole_characters(text: str) -> str:
    """Escapes of YAML that write one character as two halves (`\\ud83d\\ude00`), as Java does, as one escape: libyaml
    knows no halves. Lines stay where they are.
    """
    return _HALVES.sub(_joined, text) if "\\u" in text else text


def _joined(found: re.Match[str]) -> str:
    high, low = int(found[2], 16), int(found[3], 16)
    return f"{found[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def shown_short(text: str, limit: int = 60) -> str:
    """Text of a file in a message: one line, not long."""
    line = " ".join(text.split()).encode("utf-8", "replace").decode()
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listed(words: Iterable[str], last: str = "or") -> str:
    """`a`, `b` or `c`."""
    quoted = [f"`{word}`" for word in words]
    return f" {last} ".join(filter(None, [", ".join(quoted[:-1]), *quoted[-1:]]))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What someone probably meant."""
    from difflib import get_close_matches

    lowered = {name.lower(): name for name in known}
    near = get_close_matches(word.lower()[:100], lowered, 1, 0.7)
    return lowered[near[0]] if near else None
