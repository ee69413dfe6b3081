"""`python -m tools.suite.vermin FOLDER`: the sources in vermin's own tests, as compatcheck and interpreters see them.

FOLDER is vermin's unpacked source distribution; nothing of it is kept. What vermin says of each source is recorded while
its tests run; what is right is what the interpreters say.
"""

from __future__ import annotations

import argparse
import importlib
import io
import re
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
# Calls that act on files, processes, users or networks are not run.
_ACTS = re.compile(
    r"(?:kill|rmtree|remove\w*|unlink|rmdir|ch(?:mod|own|root|dir)|\w*fork\w*|exec\w*|p?spawn\w*|system|popen|Popen"
    r"|abort|_exit|truncate|rename\w*|replace|link|symlink|mk\w+|set\w*id|open_new|urlopen|input|breakpoint|run|call"
    r"|sleep|pause|alarm|move|copy\w*|make_archive|unpack_archive|connect|bind|listen|accept|mount)\s*\("
)
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
    found = recorded(folder).items()
    sources = {source: minimum for source, minimum in found if isinstance(source, str) and not _ACTS.search(source)}
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
