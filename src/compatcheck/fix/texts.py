"""Bytes of a file to text and back: encoding, byte order mark and line ends stay what they are."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from compatcheck.analyze.decode import Undecodable, decode
from compatcheck.fix.refusal import Refused

_GENERATED = re.compile(rb"(?i)^[ \t]*#.*(@generated\b|\bdo not (edit|modify)\b|\bauto-?generated\b)", re.MULTILINE)
_LONE_CR = re.compile(rb"\r(?!\n)")
_HEAD = 2000


@dataclass(frozen=True, slots=True)
class FileText:
    """The text of a file, and how its bytes say it."""

    text: str
    encoding: str
    bom: bool

    @classmethod
    def of(cls, data: bytes) -> FileText:
        """Raises Refused for what has no text, and for what a program wrote."""
        read = decode(data)
        if isinstance(read, Undecodable):
            raise Refused(read.message)
        if _GENERATED.search(data[:_HEAD]):
            raise Refused("the file says that a program generated it")
        bom = data.startswith(codecs.BOM_UTF8)
        if b"\r" in data and _LONE_CR.search(data):
            raise Refused("it ends lines with CR alone")
        body = data[len(codecs.BOM_UTF8) :] if bom else data
        return cls(body.decode(read.encoding), read.encoding, bom)

    def bytes(self, text: str) -> bytes:
        """The bytes of another text for the same file. Raises Refused for characters that its encoding lacks."""
        try:
            body = text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise Refused(f"{self.encoding} cannot say what the fix writes") from error
        return (codecs.BOM_UTF8 if self.bom else b"") + body
