"""What programs print on real interpreters, natively or in Pyodide."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tools.judge import judges
from tools.judge.judges import Judge

RUNNER = Path(__file__).with_name("runner.py")
SECONDS = 600


def outputs(version: str, programs: Sequence[str]) -> list[str]:
    """What each program prints on a version, errors included. Raises LookupError where there is no such interpreter."""
    judge = _judges().get(version)
    if judge is None:
        raise LookupError(f"no Python {version} here")
    if judge.interpreter.is_pyodide:
        return _in_pyodide(judge, programs)
    command = [str(judge.interpreter.path), "-I", "-B", str(RUNNER)]
    done = subprocess.run(
        command, input=json.dumps(list(programs)), capture_output=True, text=True, timeout=SECONDS, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def known_versions() -> list[str]:
    return list(_judges())


@cache
def _judges() -> dict[str, Judge]:
    return {judge.version: judge for judge in judges()}


def _in_pyodide(judge: Judge, programs: Sequence[str]) -> list[str]:
    """The same runner, with the programs inside: nothing is piped into Pyodide."""
    sources = f"json.loads({json.dumps(json.dumps(list(programs)))})"
    result = judge.run(RUNNER.read_text("utf-8").replace("json.load(sys.stdin)", sources), SECONDS)
    if not result.ok:
        raise RuntimeError(f"Python {judge.version}: {result.type}: {result.message}")
    found: list[str] = json.loads(result.stdout)
    return found
