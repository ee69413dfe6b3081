"""What imports and packages have to do with each other: data of rules/packages, loaded when it is asked for."""

from __future__ import annotations

from pathlib import Path

from compatcheck.model.packages import Backport, PackageFacts
from compatcheck.rulebook.index import read_part
from compatcheck.rulebook.locate import rules_folder


def load_packages(folder: Path | None = None) -> PackageFacts:
    """The facts of `folder` (default: those that compatcheck ships)."""
    data = read_part(folder or rules_folder(), "packages").data
    return PackageFacts(
        stdlib=frozenset(data["stdlib"]),
        distributions={name: tuple(found) for name, found in data["distributions"].items()},
        backports={
            name: Backport(name, one["stands-for"], one["since"], one.get("distribution"))
            for name, one in data["backports"].items()
        },
        brought={name: frozenset(found) for name, found in data["brought"].items()},
    )
