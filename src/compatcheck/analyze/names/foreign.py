"""Names of the project's other modules: what is known of them, and which ones somebody asked for in vain."""

from __future__ import annotations

import re

from compatcheck.analyze.words import offsets
from compatcheck.model.linking import Export, Exports

_ALIAS = re.compile(rb"[\s\\]+as[\s\\]+(\w+)")


class Foreign:
    """Looks up dotted names as one file writes them. `library` holds the first words of the standard library."""

    def __init__(self, known: Exports, library: frozenset[str]) -> None:
        self._known = known
        self._library = library
        self.asked: set[str] = set()

    def get(self, symbol: str) -> Export | None:
        """What another module says of the symbol. Remembers names that the project may have and nobody looked up."""
        found = self._known.get(symbol)
        if found is None and (symbol[0] == "." or symbol.partition(".")[0] not in self._library):
            self.asked.add(symbol)
        return found

    def is_standard(self, module: str) -> bool:
        """Whether a dotted name starts like one of the standard library."""
        return module.partition(".")[0] in self._library

    def shadowed(self, module: str) -> bool:
        """Whether a module of the project hides the standard one of that name."""
        head = module.partition(".")[0]
        found = self._known.get(head)
        return found is not None and found.own

    def telling(self, code: bytes) -> frozenset[bytes]:
        """The words by which this text names foreign flags and predicates."""
        words = {symbol.rpartition(".")[2].encode() for symbol, export in self._known.items() if export.tells}
        aliases = {
            match[1] for word in words for at in offsets(code, word) if (match := _ALIAS.match(code, at + len(word)))
        }
        return frozenset(words | aliases)
