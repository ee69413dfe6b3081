"""`python -m tools.breakage FILE…`: breaks each file in every way that it allows; exit code 1 when one is not found."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from tools.breakage.breaking import ids
from tools.breakage.judging import judged


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.breakage", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="valid anvil.yaml or deployment files")
    files = parser.parse_args().files
    tried: Counter[str] = Counter()
    missed = 0
    for file in files:
        for broken, found in judged(file.read_text("utf-8")):
            tried[broken.id] += 1
            if not found.caught:
                missed += 1
                print(
                    f"{file}: {broken.id}: {broken.rule} on {sorted(broken.lines or ())} expected, found {found.told}"
                )
    print(f"{sum(tried.values())} broken files in {len(tried)} of {len(ids())} ways, {missed} not found")
    return 1 if missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
