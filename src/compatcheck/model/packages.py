"""What is known of packages in general: their import names, backports, what platforms bring with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backport:
    """A package, by its import name, that stands in for what the standard library has since a version."""

    module: str
    stands_for: str
    since: str
    distribution: str | None = None


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """`distributions` are the packages that give an import name, where it is not their own; `brought` what each platform
    profile has installed.
    """

    stdlib: frozenset[str]
    distributions: Mapping[str, tuple[str, ...]]
    backports: Mapping[str, Backport]
    brought: Mapping[str, frozenset[str]]
