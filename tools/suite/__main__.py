"""`python -m tools.suite label|check FILE…`: writes the labels, or says which are not what the interpreters say."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from tools.suite.cases import read, write
from tools.suite.running import failing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.suite", description=__doc__)
    parser.add_argument("task", choices=("label", "check"))
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    files = {path: read(path) for path in given.files}
    outcomes = iter(failing([case.code for cases in files.values() for case in cases]))
    wrong = 0
    for path, cases in files.items():
        labelled = [replace(case, fails=next(outcomes)) for case in cases]
        for old, new in zip(cases, labelled, strict=True):
            if old != new:
                wrong += 1
                print(f"{path}: {old.name}: {_shown(old.fails)}, really {_shown(new.fails)}")
        if given.task == "label":
            write(path, labelled)
    return 1 if wrong and given.task == "check" else 0


def _shown(fails: tuple[str, ...] | None) -> str:
    return "no label" if fails is None else " ".join(fails) or "never"


if __name__ == "__main__":
    sys.exit(main())
