"""`compatcheck config` and `validate` as users call them, on files made for the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Call, call, folder

__all__ = ["call", "folder"]

Findings = list[dict[str, Any]]
Config = Callable[..., Findings]
ANVIL = "name: Shop\npackage_name: shop\nruntime_options: {client_version: '3'}\n"
DEPLOYMENT = "app: {name: shop}\ndatabase: {}\nenvironments: {production: {}}\ndeployment: {strategy: rolling}\n"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def config(call: Call, folder: Path) -> Config:
    """The findings of `compatcheck config` over files given by name; a text alone is anvil.yaml."""

    def run(files: str | bytes | Mapping[str, str | bytes], *argv: str) -> Findings:
        write(folder, files if isinstance(files, Mapping) else {"anvil.yaml": files})
        outcome = call("config", "--format", "json", *argv)
        assert outcome.code in (0, 1), outcome.err
        found: Findings = json.loads(outcome.out)["findings"]
        return found

    return run


def brief(found: Findings) -> list[tuple[str, int | None]]:
    return [(one["rule"], one["line"]) for one in found]
