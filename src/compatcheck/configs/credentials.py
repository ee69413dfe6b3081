"""Credentials that stand in a configuration as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from compatcheck.configs.document import Document, Path, shown
from compatcheck.configs.found import Found
from compatcheck.configs.masking import is_encrypted, masked, names_credential

# What stands for a value: a variable, a reference to a store, a word of an example.
_PLACEHOLDER = re.compile(
    r"(?i)\$\{.*\}|\$\w+|<.*>|\{\{.*\}\}|(?:env|vault|aws|azure|anvil):.*|\*+|x+|change.?me|todo|null|none|redacted"
)
_IN_ADDRESS = re.compile(r"://[^\s/@:]*:(?!\$|\*|<|\{)[^\s/@]+@")
# Platform settings whose values are names or public, whatever their keys sound like.
_PUBLIC = frozenset({"publishable_key", "password_secret", "url_secret"})
# Sections that hold declarations of secrets, or junk of older exports, and no values.
_APART = frozenset({"secrets", "db_schema", "table_id_hints", "dependency_code", "tables", "functions", "app_files"})


def plaintext_credentials(document: Document) -> Iterator[Found]:
    """Values of keys that name a credential, and passwords in addresses; the value is in no finding."""
    for path, value in _texts(document.value, ()):
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        named = names_credential(key) and not is_encrypted(key, value) and key not in _PUBLIC
        if (named and value.strip() and not _PLACEHOLDER.fullmatch(value.strip())) or _IN_ADDRESS.search(value):
            span = document.span(path, key=True)
            words = {"path": f"`{shown(path)}`"}
            yield Found("plaintext-credential", span, words, masked(document.text.line(span.line)), shown(path))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _APART:
                yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
