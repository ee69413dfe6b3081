"""What only Python 2.7 has, asked of its interpreter: such names get `until: "2.7"`."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.judge import interpreters
from tools.stdlib import cache
from tools.stdlib.answers import Answers
from tools.stdlib.facts import Facts

SCRIPT = str(Path(__file__).with_name("python2.py"))


def collect() -> None:
    for found in interpreters.find():
        if found.version == "2.7":
            command = [str(found.path), "-E", "-s", SCRIPT]
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
            cache.save("python2", json.loads(done.stdout))


def entries(facts: Facts, answers: Answers) -> Iterator[tuple[str, dict[str, Any]]]:
    """Modules that Python 3 does not have, and names that its modules of that name do not have."""
    for module, names in (cache.load("python2") or {}).items():
        if module != "__builtin__" and module not in facts:
            yield module, only_old("module")
            continue
        if module in facts and facts[module].kind != "module":  # the module `repr`: the builtin has its name
            continue
        prefix = "" if module == "__builtin__" else f"{module}."
        home = "builtins" if module == "__builtin__" else module
        for name, kind in names.items():
            if prefix + name not in facts and not seen(answers, home, name):
                yield prefix + name, only_old(kind)
    yield "__builtin__", only_old("module")


def seen(answers: Answers, module: str, name: str) -> bool:
    """Is it there in any Python 3, if only by accident?"""
    return any(name in answers.module(label, module).get("names", {}) for label in answers.by_label)


def only_old(kind: str) -> dict[str, Any]:
    return {"kind": kind, "until": "2.7", "source": ["probe"]}
