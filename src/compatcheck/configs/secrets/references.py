"""References to stored secrets, `vault:path#key`, wherever a configuration holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.configs.secrets.lines import Lines
from compatcheck.model.problems import Span

_REFERENCE = re.compile(
    rb"(?<![\w.:/`-])(?P<scheme>vault|aws|azure):(?!//)(?P<path>[^\s\"'#,{}\[\]]*)(?:#(?P<key>[^\s\"',{}\[\]]*))?"
)
_COMMENT = re.compile(rb"\s*(?:#|//)")


@dataclass(frozen=True, slots=True)
class Found:
    """A reference of a text; `wrong` says what it lacks."""

    scheme: str
    path: str
    key: str | None
    span: Span
    line: str
    wrong: str | None = None

    @property
    def text(self) -> str:
        """As it stands in the file."""
        return f"{self.scheme}:{self.path}" + (f"#{self.key}" if self.key is not None else "")


def references_in(text: bytes) -> Iterator[Found]:
    """The references of a configuration, those in comments left out."""
    if b"vault:" not in text and b"aws:" not in text and b"azure:" not in text:
        return
    lines = Lines(text)
    for match in _REFERENCE.finditer(text):
        start = text.rfind(b"\n", 0, match.start()) + 1
        if _COMMENT.match(text, start) or not match["path"]:
            continue  # `vault:` is a key there
        scheme, path = match["scheme"].decode(), match["path"].decode("utf-8", "replace")
        key = match["key"].decode("utf-8", "replace") if match["key"] is not None else None
        span = lines.span(*match.span())
        yield Found(scheme, path, key, span, lines.text(span.line), _wrong(scheme, path, key))


def _wrong(scheme: str, path: str, key: str | None) -> str | None:
    if key == "":
        return "the key after `#` is missing"
    if scheme == "vault" and key is None:
        return "it names no key: `#key` is missing"
    if scheme == "vault" and "/" not in path.strip("/"):
        return "it names a mount only: the path in it is missing"
    return None
