"""Secrets for tests, made up where they are needed: none is ever committed."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml


def pattern_files() -> list[Path]:
    return sorted((rules_folder() / "secrets").glob("*.yaml"))


def made_up(name: str, index: int = 0, seed: int = 0) -> str:
    """An example of rules/secrets, by the recipe that stands there."""
    recipe = read_yaml(rules_folder() / "secrets" / f"{name}.yaml")["examples"][index]
    draw = random.Random(f"{name}{index}{seed}")
    return "".join(_piece(piece, draw) for piece in recipe)


def _piece(piece: str | dict[str, Any], draw: random.Random) -> str:
    if isinstance(piece, str):
        return piece
    letters = re.sub(
        r"(\w)-(\w)", lambda match: "".join(map(chr, range(ord(match[1]), ord(match[2]) + 1))), piece["of"]
    )
    return "".join(draw.choice(letters) for _ in range(piece["count"]))
