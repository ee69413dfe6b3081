"""Projects that real interpreters are asked about."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from compatcheck.matrix.interpreters import Interpreter, found
from tests.cli.conftest import call as call
from tests.cli.conftest import folder as folder

VERSIONS = tuple(f"3.{minor}" for minor in range(7, 14))


@pytest.fixture(scope="session")
def interpreters() -> Mapping[str, Interpreter]:
    """Every CPython of this machine that these tests know."""
    there = found(VERSIONS, [], os.environ)
    if missing := [version for version in VERSIONS if version not in there]:
        said = f"no interpreter for {', '.join(missing)}"
        pytest.fail(said) if os.environ.get("CI") == "true" else pytest.skip(said)
    return there


def written(folder: Path, files: Mapping[str, str]) -> None:
    """The files, by path."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
