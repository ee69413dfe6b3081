"""rules/secrets and rules/environment.yaml, ready for use. Read by the runs that need them only."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from compatcheck.model.secrets import Lore, SecretPattern, Secrets
from compatcheck.rulebook.index import read_part
from compatcheck.rulebook.locate import rules_folder


@cache
def load_secrets(folder: Path | None = None) -> Secrets:
    """What the rules of `folder` (default: those that compatcheck ships) know of secrets."""
    index = read_part(folder or rules_folder(), "secrets")
    return Secrets(index.digest, tuple(map(_pattern, index.data["patterns"])), _lore(index.data["environment"]))


def _pattern(rule: dict[str, Any]) -> SecretPattern:
    return SecretPattern(
        id=rule["id"],
        title=rule["title"],
        severity=rule.get("severity", "error"),
        confidence=rule.get("confidence", "certain"),
        keywords=tuple(keyword.lower().encode() for keyword in rule["keywords"]),
        pattern=rule["pattern"],
        entropy=rule.get("entropy", 0.0),
        before=rule.get("before", 0),
        run=rule.get("run", 0),
        base64=rule.get("base64", False),
        words=rule.get("words", True),
        files=tuple(rule.get("files", ())),
    )


def _lore(data: dict[str, Any]) -> Lore:
    around = data["environments"]
    return Lore(
        placeholders=tuple(data["placeholders"]),
        trivial=tuple(data["trivial"]),
        references=tuple(data["references"]),
        secret_names=data["secret-names"],
        not_secret_names=data["not-secret-names"],
        shortest=data["shortest"],
        system=tuple(data["system"]),
        environments=around["names"],
        environment_variables=tuple(around["variables"]),
        signs=around["signs"],
        unfit_for_production=around["unfit-for-production"],
    )
