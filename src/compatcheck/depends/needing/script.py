"""The dependencies in a script's own block (PEP 723)."""

from __future__ import annotations

from collections.abc import Iterator

from compatcheck.depends.needing.asking import required
from compatcheck.depends.stating.script import block_of
from compatcheck.depends.text import Text
from compatcheck.model.declared import Needed


def read(text: Text) -> Iterator[Needed]:
    toml = block_of(text)
    if toml is not None:
        for key, value in toml.strings("dependencies"):
            yield required(value, "script", text.place(*toml.range(*key)))
