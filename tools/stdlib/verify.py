"""Takes every public name and parameter to the interpreters and compares with what compatcheck says."""

import json
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.stdlib import probe
from tools.stdlib.answers import minor_of
from tools.stdlib.facts import WEAK, Facts
from tools.stdlib.reader import Reader
from tools.stdlib.versions import LAST, PROBED_FROM, bit

CHECKER = str(Path(__file__).with_name("checker.py"))
NAMES = {"module", "class", "exception", "function", "constant", "method", "attribute"}
SECONDS = 900
# Whether a symbol is there on one micro release, such as (3, 8, 18).
Said = Callable[[str, tuple[int, ...]], bool]
UNTOLD = 2  # the checker could not say
HERE = {"linux", "unix"}


@dataclass(slots=True)
class Score:
    right: int = 0
    wrong: list[tuple[str, str, bool]] = field(default_factory=list)  # symbol, version, what was said
    untold: int = 0  # attributes that a class lacks and, as other sources say, its instances have

    @property
    def share(self) -> float:
        return self.right / max(1, self.right + len(self.wrong))


def names(facts: Facts, reader: Reader, said: Said, last: int = LAST) -> Score:
    """Import and attribute access, executed: every name in every version up to 3.`last`, those that are everywhere
    too.
    """
    score = Score()
    questions = dict(ask(facts))
    for target in judges(probe.targets()):
        if minor_of(target.label) > last:
            continue
        answers = access(target, questions)
        exact = tuple(map(int, answers.pop("version").split(".")))
        for module, found in answers.items():
            if found != "broken":
                judge(score, module, questions[module], found, reader, said, exact)
        weed(score, facts, exact)
    return score


def weed(score: Score, facts: Facts, exact: tuple[int, ...]) -> None:
    """Takes out what class access cannot tell: attributes of instances that only newer classes themselves have."""
    version = ".".join(map(str, exact))
    kept = [
        miss
        for miss in score.wrong
        if not (miss[1] == version and miss[2] and (fact := facts.get(miss[0])) and WEAK in fact.claims)
    ]
    score.untold += len(score.wrong) - len(kept)
    score.wrong = kept


def judges(targets: list[probe.Target]) -> list[probe.Target]:
    """One CPython a version, the default build where there is one; pyodide cannot start the checker."""
    found = {target.label.partition("-")[0]: target for target in targets if target.label.endswith("-debian")}
    return list((found | {target.label: target for target in targets if "-" not in target.label}).values())


def ask(facts: Facts) -> Iterator[tuple[str, list[list[str]]]]:
    """{module: attribute paths}; instance attributes cannot be asked for."""
    paths: dict[str, list[list[str]]] = defaultdict(list)
    for symbol, fact in facts.items():
        probed = fact.claims.get("probe")
        if probed is None:
            continue
        if fact.kind == "module":
            paths.setdefault(symbol, [])
        elif fact.kind in NAMES and probed.known and not fact.instance_only:
            module = symbol
            while module in facts and facts[module].kind != "module":
                module = facts[module].parent
            paths[module].append(symbol.removeprefix(f"{module}.").split("."))
    return iter(paths.items())


def access(target: probe.Target, questions: dict[str, list[list[str]]]) -> dict[str, Any]:
    command = [*target.command[:-1], CHECKER]
    done = subprocess.run(
        command, input=json.dumps(questions), capture_output=True, text=True, timeout=SECONDS, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def judge(
    score: Score, module: str, paths: list[list[str]], found: Any, reader: Reader, said: Said, exact: tuple[int, ...]
) -> None:
    there = [1, *found] if found is not None else [0] * (1 + len(paths))
    prefix = "" if module == "builtins" else f"{module}."
    symbols = [module, *(prefix + ".".join(path) for path in paths)]
    for symbol, real in zip(symbols, there, strict=True):
        if real == UNTOLD or not HERE & set(reader.platforms(symbol) or HERE):
            continue
        works = said(symbol, exact)
        if works == bool(real):
            score.right += 1
        else:
            score.wrong.append((symbol, ".".join(map(str, exact)), works))


def asked(facts: Facts) -> list[str]:
    """The parameters to ask about: what no version takes is only a stub's name for it."""
    return [s for s, fact in facts.items() if fact.kind == "parameter" and "probe" in fact.claims
            and fact.claims["probe"].present]  # fmt: skip


def parameters(facts: Facts, reader: Reader, said: Said, last: int = LAST) -> Score:
    """Signatures, and calls where there are none, as the interpreters gave them, up to 3.`last`."""
    score = Score()
    for symbol in asked(facts):
        fact, claim = facts[symbol], facts[symbol].claims["probe"]
        for minor in range(PROBED_FROM, last + 1):
            room = facts[fact.parent].claims["probe"].present
            if not claim.known & room & bit(minor) or f"3.{minor}" in (reader.find(symbol) or {}).get("micro", {}):
                continue
            works = said(symbol, (3, minor, 99))
            if works == bool(claim.present & bit(minor)):
                score.right += 1
            else:
                score.wrong.append((symbol, f"3.{minor}", works))
    return score
