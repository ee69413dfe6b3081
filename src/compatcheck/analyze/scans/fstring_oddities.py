"""What in an f-string is not read alike by all versions. Up to 3.11 a tokenizer found the literal's end first and a
scanner then took the expressions out of it; since 3.12 (PEP 701) the tokenizer itself reads the fields."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from compatcheck.analyze.scans.fstring_structure import Field, FString

NEWER = frozenset(("same-quotes", "backslash", "comment", "newline", "conversion-gap", "nested-spec"))
"""What came with PEP 701; the other oddities are what newer versions refuse, or all, or only some."""
_DEEPEST = 2  # a field in the format spec of a field in the format spec of a field


class Oddity(NamedTuple):
    """A variant's name and the field it is about."""

    name: str
    field: Field


def oddities(code: bytes, literal: FString) -> list[Oddity]:
    """The oddities of the literal's own fields; those of literals in its fields are theirs.

    What came with PEP 701 goes unsaid where not all newer versions read the literal: another oddity says that.
    """
    newer = [Oddity(name, part) for part in literal.fields for name in _newer_refuses(part)]
    if any(odd.name != "generator" for odd in newer):
        return newer
    older = [Oddity(name, part) for part in literal.fields for name in islice(_older_refuses(code, literal, part), 1)]
    return older + newer


def _older_refuses(code: bytes, literal: FString, part: Field) -> Iterator[str]:
    """What Python 3.11 has against the field, in the order in which it helps people most."""
    head = code[part.start : part.head_end]
    if literal.quote in head:
        yield "same-quotes"
    if part.comment or b"#" in code[part.code_end : part.head_end]:
        yield "comment"
    if b"\\" in head:
        yield "backslash"
    if literal.single and b"\n" in head:
        yield "newline"
    if part.conversion_gap:
        yield "conversion-gap"
    if part.level == _DEEPEST and not part.debug:  # a `=` so deep works nowhere, which another rule says
        yield "nested-spec"


def _newer_refuses(part: Field) -> Iterator[str]:
    """What Python 3.12 or a newer one has against the field."""
    if part.level > _DEEPEST:
        yield "too-deep"
    if part.spec_newline:
        yield "newline-in-spec" if part.spec_newline == "first" else "newline-after-field"
    if part.generator:
        yield "generator"
