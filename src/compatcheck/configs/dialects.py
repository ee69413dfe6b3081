"""Which kind of configuration a file is: told apart by the keys that only one of them has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from compatcheck.configs.document import Document
from compatcheck.configs.found import Found
from compatcheck.configs.masking import masked
from compatcheck.configs.text import listed

Schemas = Mapping[str, Any]
DEFAULT = "anvil"


def dialect_of(document: Document, schemas: Schemas) -> tuple[str, tuple[str, ...], tuple[Found, ...]]:
    """The dialect that most decisive keys speak for, keys of another beside them, and a finding that says so."""
    keys = [*document.value] if isinstance(document.value, dict) else []
    decisive = {name: [key for key in keys if key in schema.get("x-decisive", ())] for name, schema in schemas.items()}
    chosen = max(decisive, key=lambda name: (len(decisive[name]), name == DEFAULT))
    others = [(name, key) for name, found in decisive.items() if name != chosen for key in found]
    if not others:
        return chosen, (), ()
    other = others[0][0]
    span = document.span((others[0][1],), key=True)
    words = {
        "chosen": schemas[chosen]["title"],
        "keys": listed(decisive[chosen], "and"),
        "other": schemas[other]["title"],
        "foreign": listed((key for _, key in others), "and"),
    }
    found = Found("mixed-dialects", span, words, masked(document.text.line(span.line)))
    return chosen, tuple(key for _, key in others), (found,)
