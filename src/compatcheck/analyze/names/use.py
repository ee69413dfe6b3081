"""A place of a text that needs something of the standard library."""

from __future__ import annotations

from dataclasses import dataclass

from tree_sitter import Node

from compatcheck.analyze.names.meanings import Meaning
from compatcheck.model.stdlib import Fact

# The exception's name; `analyze.reach.guards` knows what catches it.
Failure = str


@dataclass(frozen=True, slots=True)
class Use:
    """A place that needs a symbol, on the runtimes where its name means that, and how it fails without.

    `deprecated` says that it works wherever it is reached, but not for ever; `differs`, that it works otherwise there;
    `system` names the one that lacks it; `guess`, that nothing but its name speaks for the symbol.
    """

    fact: Fact
    node: Node
    failure: Failure
    meaning: Meaning
    deprecated: bool = False
    system: str | None = None
    guess: bool = False
    differs: bool = False
