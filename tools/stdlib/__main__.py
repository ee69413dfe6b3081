"""python -m tools.stdlib STEP: collect the sources, generate rules/stdlib, check it, verify it, alone (verify)
or through the command line (programs).
"""

import argparse
import sys
from collections.abc import Callable, Sequence

from tools.judge import interpreters
from tools.stdlib import (
    calls,
    docs,
    generate,
    legacy,
    probe,
    programs,
    reader,
    stub_claims,
    typeshed,
    verify,
    vermin_tables,
)
from tools.stdlib.answers import Answers

COLLECT: dict[str, Callable[[], None]] = {
    "vermin": vermin_tables.collect,
    "typeshed": typeshed.collect,
    "docs": docs.collect,
    "python2": legacy.collect,
    "probe": lambda: probe.collect({*vermin_tables.names(), *stub_claims.names()}),
    "calls": lambda: calls.collect(generate.gather(Answers())),
}
GOALS = {"names": 0.999, "parameters": 0.99}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.stdlib", description=__doc__)
    parser.add_argument("step", choices=[*COLLECT, "collect", "generate", "verify", "programs"])
    parser.add_argument("--check", action="store_true", help="compare instead of writing; exit 1 when different")
    options = parser.parse_args(arguments)
    if options.step in COLLECT:
        COLLECT[options.step]()
        return 0
    if options.step == "collect":
        for step in COLLECT.values():
            step()
        return 0
    if options.step == "generate":
        return check_or_write(options.check)
    return verified() if options.step == "verify" else through_the_command_line()


def check_or_write(check: bool) -> int:
    made = generate.generate()
    for lost in made.decided.disagreements:
        where = "there" if lost.says_present else "not there"
        print(f"disagreement: {lost.symbol}: {lost.source} says {where} on {', '.join(lost.versions)}")
    for symbol in made.unknown:
        print(f"unknown: {symbol}: only decisions.yaml or advice.yaml name it", file=sys.stderr)
    if not check:
        generate.write(made.files)
        print(f"{len(made.files)} files, {len(made.entries)} symbols, of {len(made.facts)} that were looked at")
        return 0
    different = generate.differences(made.files)
    for name in different:
        print(f"rules/stdlib/{name} is not what the sources give: python -m tools.stdlib generate", file=sys.stderr)
    return 1 if different else 0


def verified() -> int:
    """The rule files against every interpreter."""
    made = generate.generate()
    rules = reader.Reader(reader.load(generate.RULES))
    return judged(verify.names(made.facts, rules, rules.there), verify.parameters(made.facts, rules, rules.there))


def through_the_command_line() -> int:
    """One program a name, given to `compatcheck check`, against the installed interpreters, 3.6 to 3.13."""
    made = generate.generate()
    rules = reader.Reader(reader.load(generate.RULES))
    exact = [tuple(map(int, found.exact.split("."))) for found in interpreters.find() if not found.is_pyodide]
    told = programs.CommandLine(
        made.facts, [*programs.names(made.facts), *verify.asked(made.facts)], [each for each in exact if each > (3, 6)]
    )
    names = verify.names(made.facts, rules, told.there, 13)
    return judged(names, verify.parameters(made.facts, rules, told.there, 13))


def judged(names: verify.Score, parameters: verify.Score) -> int:
    failed = False
    for title, score in {"names": names, "parameters": parameters}.items():
        for symbol, version, said in score.wrong:
            print(f"wrong: {symbol} on {version}: {'there' if said else 'not there'}, says compatcheck")
        untold = f", {score.untold} that only an instance could tell" if score.untold else ""
        print(f"{title}: {score.right} right, {len(score.wrong)} wrong, {score.share:.4%}{untold}")
        failed |= score.share < GOALS[title]
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
