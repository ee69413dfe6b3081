"""What rules/ says about fixes: which function mends which rule, how safe that is, and what stands for which symbol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from compatcheck.fix.spot import Spot
from compatcheck.rulebook.locate import rules_folder

Apply = Callable[[Spot], None]


@dataclass(frozen=True, slots=True)
class Fix:
    """How one rule is fixed: `apply` is `module.function` here; without it `refuse` says why nothing can be done."""

    apply: str | None
    safe: bool
    refuse: str | None = None

    @property
    def function(self) -> Apply:
        assert self.apply is not None
        module, _, name = self.apply.partition(".")
        found: Apply = getattr(import_module(f"compatcheck.fix.{module}"), name)
        return found


@dataclass(frozen=True)
class FixBook:
    """The fixes by rule id, and the equivalents by symbol."""

    rules: Mapping[str, Fix]
    equivalents: Mapping[str, Mapping[str, Any]]
    helpers: Mapping[str, str] = field(default_factory=dict)


def load_fixes(folder: Path | None = None) -> FixBook:
    """The fixes of `folder` (default: those that compatcheck ships)."""
    from compatcheck.rulebook.index import read_part

    data = read_part(folder or rules_folder(), "fixes").data
    rules = {
        name: Fix(entry.get("apply"), entry.get("safety", "safe") == "safe", entry.get("refuse"))
        for name, entry in data["rules"].items()
    }
    return FixBook(rules, data["equivalents"], data["helpers"])
