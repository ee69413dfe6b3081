"""`python -m tools.unicode_data [--check]`: writes the tables, or says whether they are what the interpreters know."""

from __future__ import annotations

import argparse
import base64
import json
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tools.judge.judges import Judge, judges
from tools.unicode_data.tables import module_text

TABLES = Path(__file__).parents[2] / "src/compatcheck/analyze/scans/unicode_data.py"
PROBER = Path(__file__).parent / "prober.py"
SECONDS = 300
ATTEMPTS = 4


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.unicode_data", description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if the tables would change; write nothing")
    options = parser.parse_args(arguments)
    text = module_text(probes())
    if not options.check:
        TABLES.write_text(text, "utf-8")
        return 0
    current = TABLES.read_text("utf-8")
    if current != text:
        print(f"error: {TABLES.name} is out of date; run python -m tools.unicode_data", file=sys.stderr)
    return int(current != text)


def probes() -> dict[str, dict[str, Any]]:
    """What each Python 3 knows, oldest first."""
    return {judge.version: _probe(judge) for judge in judges() if judge.version != "2.7"}


def _probe(judge: Judge) -> dict[str, Any]:
    for _ in range(ATTEMPTS):
        result = judge.run(PROBER.read_text("utf-8"), SECONDS)
        if not result.ok:
            raise RuntimeError(f"Python {judge.version}: {result.type} {result.message}")
        try:
            found: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(result.stdout)))
        except zlib.error:  # a busy machine has repeated a piece of Pyodide's output
            continue
        return found
    raise RuntimeError(f"Python {judge.version}: its output was damaged {ATTEMPTS} times")


if __name__ == "__main__":
    sys.exit(main())
