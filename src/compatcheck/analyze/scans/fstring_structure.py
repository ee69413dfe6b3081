"""The structure of an f-string or t-string: its replacement fields, with what some versions choke on noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Newline = Literal["", "first", "after-field"]


class Edit(NamedTuple):
    """Bytes start..end of the text become `text`."""

    start: int
    end: int
    text: bytes


@dataclass(slots=True)
class Field:
    """One `{…}`; offsets. `code_end` is where the expression ends, `head_end` its `:` or `}`, `end` behind the `}`.

    `level` counts the format specs it stands in. `as_code`: its spec has no text, since 3.12 reads it as code.
    """

    start: int
    level: int
    code_end: int = 0
    head_end: int = 0
    end: int = 0
    debug: bool = False
    comment: bool = False
    generator: bool = False
    conversion_gap: bool = False
    spec_newline: Newline = ""
    spec_has_field: bool = False
    as_code: bool = False


@dataclass(slots=True)
class FString:
    """A literal from its prefix to behind its closing quotes, with its fields in the order of the text.

    `edits` turn it into what the newest parser accepts where only other versions do. `doubled`: fields whose format
    spec has `{{` after a field.
    """

    start: int
    quote: bytes
    raw: bool
    edits: list[Edit]
    end: int = 0
    fields: list[Field] = field(default_factory=list)
    doubled: list[Field] = field(default_factory=list)

    @property
    def single(self) -> bool:
        return len(self.quote) == 1

    def edited(self, code: bytes) -> bytes:
        """The literal's text with the edits made."""
        pieces, at = [], self.start
        for start, end, text in sorted(self.edits):
            pieces += [code[at:start], text]
            at = end
        return b"".join([*pieces, code[at : self.end]])
