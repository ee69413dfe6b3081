"""Bytes of a file to UTF-8 with `\\n` line ends, the way CPython's tokenizer reads them (PEP 263)."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_COOKIE = re.compile(rb"[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n|\Z)")
_UTF8_NAMES = frozenset({"utf-8", "utf8", "utf-8-sig"})
# With a hyphen behind them: editors add how lines end, as in `latin-1-unix`.
_LATIN_1_NAMES = ("latin-1-", "iso-8859-1-", "iso-latin-1-")


@dataclass(frozen=True, slots=True)
class Text:
    """Source text as UTF-8 without BOM and with `\\n` only: lines are those of the file, columns count its characters."""

    code: bytes
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Bytes that no Python reads as source. `rule` is the rule id, `line` from 1 where it is known."""

    rule: str
    message: str
    line: int
    text: Text


def decode(data: bytes) -> Text | Undecodable:
    """The text of a source file, or why it has none."""
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[3:] if bom else data
    cookie = _cookie(body)
    if cookie is None or (_plain_utf8(cookie) and not (bom and _normal(cookie) == "utf8")):
        return _from_utf8(body)
    if bom:  # CPython wants the name with its hyphen here, and only here
        return _refused("unknown-encoding", f"encoding {cookie!r} is declared in a file with a UTF-8 BOM", 1, body)
    return _from_codec(body, cookie)


def _cookie(body: bytes) -> str | None:
    """The encoding that one of the first two lines declares."""
    start = 0
    for _ in range(2):
        if match := _COOKIE.match(body, start):
            return match[1].decode("ascii")
        blank = _BLANK.match(body, start)
        if blank is None or blank.end() == start:
            return None
        start = blank.end()
    return None


def _plain_utf8(cookie: str) -> bool:
    name = _normal(cookie)
    return name in _UTF8_NAMES or name.startswith("utf-8-")


def _normal(cookie: str) -> str:
    return cookie[:12].lower().replace("_", "-")


def _from_utf8(body: bytes) -> Text | Undecodable:
    if not body.isascii():
        try:
            body.decode("utf-8")
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            return _refused("undecodable-source", f"byte 0x{body[error.start]:02x} is not UTF-8", line, body)
    return _without_nul(body, "utf-8")


def _from_codec(body: bytes, cookie: str) -> Text | Undecodable:
    try:
        known = codecs.lookup("latin-1" if _normal(cookie).startswith(_LATIN_1_NAMES) else cookie)
        # Codecs that turn bytes into bytes (hex, zip) are no text encodings; the attribute is how CPython tells.
        if not getattr(known, "_is_text_encoding", True):
            raise LookupError(cookie)
        text = known.decode(body, "strict")[0]
    except LookupError:
        return _refused("unknown-encoding", f"unknown encoding {cookie!r}", 1, body)
    except (UnicodeError, ValueError) as error:
        start = getattr(error, "start", 0)
        line = body.count(b"\n", 0, start) + 1
        return _refused("undecodable-source", f"the bytes are not {cookie}", line, body)
    return _without_nul(str(text).removeprefix("\ufeff").encode("utf-8", "surrogatepass"), cookie)


def _without_nul(code: bytes, encoding: str) -> Text | Undecodable:
    at = code.find(b"\0")
    if at >= 0:
        return _refused("null-byte", "a NUL byte", code.count(b"\n", 0, at) + 1, code)
    return Text(_newlines(code), encoding)


def _newlines(code: bytes) -> bytes:
    if b"\r" not in code:
        return code
    # To what ends with a backslash and CRLF, CPython added a line's end until 3.11: only there it is left to be seen.
    if code.endswith(b"\\\r\n"):
        return _newlines(code[:-2]) + b"\r\n"
    return code.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _refused(rule: str, message: str, line: int, body: bytes) -> Undecodable:
    shown = body.decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}").encode()
    return Undecodable(rule, message, line, Text(_newlines(shown)))
