"""`python -m tools.suite.vermin FOLDER`: the sources in vermin's own tests, as compatcheck and interpreters see them.

FOLDER is vermin's unpacked source distribution; nothing of it is kept. What vermin says of each source is recorded while
its tests run; what is right is what the interpreters say.
"""

from __future__ import annotations

import argparse
import importlib
import io
import sys
import unittest
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import compatcheck
from tools.suite.cases import VERSIONS
from tools.suite.running import failing

# Tests of vermin's command line and processes.
_OTHERS = {"testutils", "general", "arguments", "config", "utility", "exclusions", "violations"}
TARGET = f"{VERSIONS[0]}-{VERSIONS[-1]}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The versions on which a source fails: really, as compatcheck says, as vermin says."""

    source: str
    real: tuple[str, ...]
    ours: tuple[str, ...]
    vermins: tuple[str, ...]


def recorded(folder: Path) -> dict[str, Any]:
    """{source: minimum versions} of every source that vermin's tests give it."""
    sys.path.insert(0, str(folder))
    base = importlib.import_module("tests.testutils").VerminTest
    found: dict[str, Any] = {}
    detect, visit = base.detect, base.visit

    def detected(test: Any, source: str) -> Any:
        result = detect(test, source)
        found.setdefault(source, result)
        return result

    def visited(test: Any, source: str, *more: Any, **named: Any) -> Any:
        visitor = visit(test, source, *more, **named)
        found.setdefault(source, visitor.minimum_versions())
        return visitor

    base.detect, base.visit = detected, visited
    suite = unittest.defaultTestLoader.loadTestsFromNames(
        [f"tests.{path.stem}" for path in sorted((folder / "tests").glob("[a-z]*.py")) if path.stem not in _OTHERS]
    )
    unittest.TextTestRunner(io.StringIO()).run(suite)
    return found


def said_by_vermin(minimum: Any) -> tuple[str, ...]:
    """The versions below the minimum for Python 3; all of them where there is none."""
    if not minimum or len(minimum) < 2 or minimum[1] is None:
        return VERSIONS
    return tuple(version for version in VERSIONS if (3, int(version[2:])) < tuple(minimum[1]))


def said_by_us(source: str) -> tuple[str, ...]:
    findings = compatcheck.check_source(source, [TARGET]).findings
    fails = {version for finding in findings if finding.severity == "error" for version in finding.fails_on}
    return tuple(version for version in VERSIONS if version in fails)


def verdicts(folder: Path) -> Iterator[Verdict]:
    sources = {source: minimum for source, minimum in recorded(folder).items() if isinstance(source, str)}
    for (source, minimum), real in zip(sources.items(), failing(list(sources), strict=True), strict=True):
        yield Verdict(source, real, said_by_us(source), said_by_vermin(minimum))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.suite.vermin", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="every source on which compatcheck is not exact")
    given = parser.parse_args()
    every = list(verdicts(given.folder))
    # What fails on all versions alike was not written to be run, unless a version can be made out.
    clear = [one for one in every if len(one.real) < len(VERSIONS)]
    failing_ones = [one for one in clear if one.real]
    exact = [one for one in failing_ones if one.ours == one.real]
    false = [one for one in clear if set(one.ours) - set(one.real)]
    vermins = [one for one in failing_ones if one.vermins == one.real]
    print(f"{len(every)} sources, {len(clear)} of them run on some version, {len(failing_ones)} fail on some")
    print(f"exact on those: compatcheck {len(exact)} ({len(exact) / len(failing_ones):.2%}), vermin {len(vermins)}")
    print(f"false alarms: {len(false)} ({len(false) / len(clear):.2%})")
    for one in clear if given.show else ():
        if one.ours != one.real:
            print(f"--- really {one.real}, compatcheck {one.ours}, vermin {one.vermins}\n{one.source}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
