"""Texts as the patterns of rules/literals want them: without what only looks like one of the forms."""

from __future__ import annotations

import re
from collections.abc import Callable

_COMMENT = re.compile(r"(?<!\\)#[^\n]*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_TOKEN = re.compile(r"\\N\{[^}]*\}|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?#[^)]*\)", re.DOTALL)
_VERBOSE = re.compile(r"\(\?[aiLmsu]*x[aiLmsux]*\)")


def _regular_expression(text: str, call: bytes) -> str:
    """Sets become `[C]`, escaped characters a letter, comments of any kind nothing."""
    if b"VERBOSE" in call or b"re.X" in call or _VERBOSE.search(text):
        text = re.sub(r"(?<!\\)\s", "", _COMMENT.sub("", text))
    return _TOKEN.sub(_token, text)


def _token(match: re.Match[str]) -> str:
    text = match[0]
    if text.startswith("(?#"):
        return ""
    if text.startswith("["):
        return "[C]"
    return text[:2] if text[:2] in (r"\N", r"\z") else "E"


def _time_format(text: str, call: bytes) -> str:
    return text.replace("%%", "")


def _codec_name(text: str, call: bytes) -> str:
    """As codecs.lookup takes names for the same."""
    return re.sub(r"[-\s_]+", "_", text.strip().lower())


def _as_it_is(text: str, call: bytes) -> str:
    return text


# By the `prepare` of a rule file.
PREPARE: dict[str | None, Callable[[str, bytes], str]] = {
    None: _as_it_is,
    "regular_expression": _regular_expression,
    "time_format": _time_format,
    "codec_name": _codec_name,
}
