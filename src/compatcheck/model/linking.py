"""What modules of a project tell each other: names that stand for the standard library, flags and predicates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from compatcheck.model.runtimes import RuntimeSet

# Packages that bring a module which newer Pythons lack under its old name.
PROVIDERS: Mapping[str, str] = {"distutils": "setuptools"}
# Value of a flag by a runtime's bit, at the first and at the last micro release; absent where nobody knows it.
Values = Mapping[int, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing that a name may stand for, on the runtimes `on`; `symbol` None is the project's own.

    `elsewhere` says that the symbol is a name as the exporting module imports it, for the linker to follow.
    """

    symbol: str | None
    on: RuntimeSet
    instance: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Export:
    """A module's name as others see it; `values` of the name itself, `calls` of what calling it gives.

    `own` is a module of the project.
    """

    senses: tuple[Sense, ...] = ()
    values: Values = field(default_factory=dict)
    calls: Values = field(default_factory=dict)
    own: bool = False

    @property
    def tells(self) -> bool:
        """Whether the name, or a call of it, says something about the version."""
        return bool(self.values or self.calls)

    @property
    def interesting(self) -> bool:
        """Whether knowing it can change what another module's analysis finds."""
        return self.own or self.tells or any(sense.symbol for sense in self.senses)


# By dotted name as the importing file writes it: `.compat.PY38`, `compat.tomllib`, `queue`.
Exports = Mapping[str, Export]
