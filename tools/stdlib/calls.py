"""Asks the interpreters about keywords of callables that show no signature, by calling them."""

import json
import subprocess
from collections import defaultdict
from pathlib import Path

from tools.stdlib import cache, probe
from tools.stdlib.answers import Answers
from tools.stdlib.facts import Facts
from tools.stdlib.versions import PROBED_FROM, bit, since

CALLER = str(Path(__file__).with_name("caller.py"))
# Never called: they act on the process, the terminal or the system before they look at what they are given.
UNCALLED = {
    "os",
    "posix",
    "sys",
    "signal",
    "faulthandler",
    "gc",
    "_thread",
    "threading",
    "readline",
    "curses",
    "resource",
}
UNCALLED |= {
    "builtins.exit",
    "builtins.quit",
    "builtins.input",
    "builtins.breakpoint",
    "builtins.help",
    "tkinter",
    "turtle",
}


def questions(facts: Facts) -> dict[str, list[tuple[list[str], str]]]:
    """{module: [(path, keyword)]} of the parameters that some interpreter could not tell."""
    found: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
    for symbol, fact in facts.items():
        if fact.kind != "parameter":
            continue
        room = facts[fact.parent].claims["probe"].present & since(PROBED_FROM) if fact.parent in facts else 0
        if room & ~fact.claims["probe"].known:
            module = fact.parent
            while module in facts and facts[module].kind != "module":
                module = facts[module].parent
            keyword = symbol[len(fact.parent) + 1 : -1]
            if not {module.split(".")[0], f"{module}.{fact.parent}"} & UNCALLED:
                found[module].append((fact.parent.removeprefix(f"{module}.").split("."), keyword))
    return dict(found)


def collect(facts: Facts) -> None:
    asked = questions(facts)
    for target in probe.targets():
        if not target.label.endswith("-pyodide"):
            command = [*target.command[:-1], CALLER]
            done = subprocess.run(
                command, input=json.dumps(asked), capture_output=True, text=True, timeout=900, check=True
            )
            told = json.loads(done.stdout)
            pairs = ((module, list(zip(asked[module], told[module], strict=False))) for module in asked)
            cache.save(f"calls-{target.label}", dict(pairs))


def add(facts: Facts, answers: Answers) -> None:
    """Claims of the source `probe`, only where the signature said nothing."""
    for label, minor in answers.judging:
        for module, told in (cache.load(f"calls-{label}") or {}).items():
            prefix = "" if module == "builtins" else f"{module}."
            for (path, keyword), taken in told:
                owner = prefix + ".".join(path)
                symbol = f"{owner}({keyword})"
                if taken is not None and symbol in facts and not facts[symbol].claims["probe"].known & bit(minor):
                    facts[symbol].claims["probe"].says(bit(minor), bool(taken))
