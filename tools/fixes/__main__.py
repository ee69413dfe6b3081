"""python -m tools.fixes packages|programs|suites: what `compatcheck fix` does to real and to generated code."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fixes", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    packages = steps.add_parser("packages", help="take popular packages down to an old Python")
    packages.add_argument("names", nargs="*")
    packages.add_argument("--target", default="3.7+")
    packages.add_argument("--safe", action="store_true", help="without --unsafe")
    packages.add_argument("--reasons", action="store_true", help="list why findings stay")
    programs = steps.add_parser("programs", help="generate programs, and compare what they print before and after")
    programs.add_argument("kinds", nargs="*")
    programs.add_argument("--count", type=int, default=3000, help="of each kind")
    programs.add_argument("--seed", type=int, default=0, help="the first seed")
    suites = steps.add_parser("suites", help="run packages' own tests on their floor, before and after")
    suites.add_argument("names", nargs="*")
    suites.add_argument("--target", default="3.7+")
    options = parser.parse_args(arguments)
    if options.step == "suites":
        return _suites(options)
    return _packages(options) if options.step == "packages" else _programs(options)


def _programs(options: argparse.Namespace) -> int:
    from tools.fixes.programs import KINDS, differences

    bad = 0
    for kind in options.kinds or KINDS:
        counts = Counter[str]()
        for found in differences(kind, range(options.seed, options.seed + options.count), counts=counts):
            bad += 1
            if bad <= 3:
                print(f"--- {kind} {found.seed}\n{found.before}\n--- after\n{found.after}\n--- {found.why}")
        print(
            f"{kind}: {', '.join(f'{count} {what}' for what, count in sorted(counts.items()))}; {bad} differ",
            flush=True,
        )
    return 1 if bad else 0


def _suites(options: argparse.Namespace) -> int:
    from tools.fixes.suites import SUITES, run

    bad = 0
    print("| package | floor | files rewritten | tests before | after |\n|---|---|---|---|---|")
    for suite in SUITES:
        if not options.names or suite.requirement.partition("==")[0] in options.names:
            found = run(suite, options.target)
            print(f"| {found.name} | {suite.floor} | {found.files} | {found.before} | {found.after} |", flush=True)
            bad += found.before != found.after
    return 1 if bad else 0


def _packages(options: argparse.Namespace) -> int:
    from tools.fixes.packages import rows

    print("| package | files | rewritten | not compiling before | after | errors before | after | changed again | s |")
    print("|---|---|---|---|---|---|---|---|---|")
    bad, reasons, fixed = 0, Counter[str](), Counter[str]()
    for row in rows(options.target, options.names, unsafe=not options.safe):
        print(
            f"| {row.name} | {row.files} | {row.changed} | {row.unparsable} | {len(row.refuses)} | {row.errors} | {row.left}"
            f" | {len(row.again)} | {row.seconds:.0f} |",
            flush=True,
        )
        reasons += row.reasons
        fixed += row.fixed
        bad += len(row.again)
        if options.reasons:
            for path in [*row.refuses, *(f"{path} (again)" for path in row.again)]:
                print(f"  {path}")
            for reason, count in row.kept.most_common():
                print(f"  {count} kept: {reason}")
    if options.reasons:
        for title, counter in (("fixed", fixed), ("refused", reasons)):
            print(title)
            for text, count in counter.most_common(120):
                print(f"{count:6} {text}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
