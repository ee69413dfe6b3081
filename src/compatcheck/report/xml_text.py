"""Text that XML 1.0 can hold: it forbids most control characters, even escaped."""

from __future__ import annotations

import re
from xml.etree import ElementTree as xml

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text with what XML forbids written as `\\x1b`."""
    return _FORBIDDEN.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def document(root: xml.Element) -> str:
    """The whole file, laid out."""
    xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"
