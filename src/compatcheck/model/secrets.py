"""What is known of secrets: patterns of their texts, and of the variables that hold them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from compatcheck.model.rules import Confidence, Severity


@dataclass(frozen=True, slots=True)
class SecretPattern:
    """One kind of secret. It is looked for only from `before` bytes ahead of a keyword on (lower case), as a regular
    expression over bytes whose group `secret` is the value. A value of less than `entropy` bits a byte is none; with
    `words` False, one made of words is none either. `files` are the endings of the files in which it counts; `run` is how
    many characters that no blank and no quote breaks the keyword and its value are at least together. With `base64` the
    value may be a `user:password` in disguise.
    """

    id: str
    title: str
    severity: Severity
    confidence: Confidence
    keywords: tuple[bytes, ...]
    pattern: str
    entropy: float = 0.0
    before: int = 0
    words: bool = True
    run: int = 0
    base64: bool = False
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lore:
    """rules/environment.yaml: patterns over whole values and names, upper and lower case alike."""

    placeholders: tuple[str, ...]
    trivial: tuple[str, ...]
    references: tuple[str, ...]
    secret_names: str
    not_secret_names: str
    shortest: Mapping[str, int]
    system: tuple[str, ...]
    environments: Mapping[str, str]
    environment_variables: tuple[str, ...]
    signs: Mapping[str, str]
    unfit_for_production: Mapping[str, str]


@dataclass(frozen=True)
class Secrets:
    """All that the rules say of secrets. `digest` changes when any of it does."""

    digest: str
    patterns: tuple[SecretPattern, ...]
    lore: Lore
