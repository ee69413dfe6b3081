"""Runs snippets on every interpreter and says where they fail."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.judge.interpreters import Interpreter, find
from tools.suite.cases import VERSIONS

_WORKER = Path(__file__).with_name("worker.py")
_SECONDS = 1200


def failing(sources: Sequence[str], *, strict: bool = False) -> list[tuple[str, ...]]:
    """For each source the versions on which running it ends in one of the errors that missing names give; `strict` for
    sources that were not written to be run.

    Raises LookupError when one of the interpreters is absent.
    """
    found = {interpreter.version: interpreter for interpreter in find() if not interpreter.is_pyodide}
    if absent := [version for version in VERSIONS if version not in found]:
        raise LookupError(f"no interpreter here runs Python {', '.join(absent)}")
    with ThreadPoolExecutor(2) as pool:
        columns = list(pool.map(lambda version: _outcomes(found[version], sources, strict), VERSIONS))
    return [
        tuple(version for version, outcomes in zip(VERSIONS, columns, strict=True) if outcomes[at])
        for at in range(len(sources))
    ]


def _outcomes(interpreter: Interpreter, sources: Sequence[str], strict: bool) -> list[str | None]:
    done = subprocess.run(
        [str(interpreter.path), "-E", "-s", "-B", str(_WORKER), *(["--strict"] if strict else [])],
        input=json.dumps(list(sources)),
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=True,
    )
    outcomes: list[str | None] = json.loads(done.stdout)
    return outcomes
