"""One-use programs through the command line: what `compatcheck check` says of each name, as `verify` asks for it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tools.stdlib.facts import Facts
from tools.stdlib.verify import ask

ROOT = Path(__file__).parents[2]
FOLDERS = 100  # files in one folder of the made project
SECONDS = 1800


def program(facts: Facts, symbol: str) -> str:
    """The shortest program that needs the symbol: an import, an attribute, a call with a keyword."""
    fact = facts[symbol]
    if fact.kind == "module":
        return f"import {symbol}\n"
    module = symbol
    while module in facts and facts[module].kind != "module":
        module = facts[module].parent
    head = "" if module == "builtins" else f"import {module}\n"
    use = symbol.replace("(", "(None, ").replace(")", "=None)") if fact.kind == "parameter" else symbol
    return f"{head}{use}\n"


def names(facts: Facts) -> list[str]:
    """Every public name that an interpreter can be asked for."""
    found = []
    for module, paths in ask(facts):
        prefix = "" if module == "builtins" else f"{module}."
        found += [module, *(prefix + ".".join(path) for path in paths)]
    return found


class CommandLine:
    """The verdicts of one run over the programs of all the symbols; `exact` are the versions of the interpreters."""

    def __init__(self, facts: Facts, symbols: Iterable[str], exact: Iterable[tuple[int, ...]]) -> None:
        targets = [".".join(map(str, version)) for version in exact]
        self._numbers = {symbol: number for number, symbol in enumerate(dict.fromkeys(symbols))}
        with tempfile.TemporaryDirectory() as scratch:
            for symbol, number in self._numbers.items():
                path = Path(scratch, _path(number))
                path.parent.mkdir(exist_ok=True)
                path.write_text(program(facts, symbol), encoding="utf-8")
            report = check(Path(scratch), targets)
        unread = [row["path"] for row in report["unreadable"]]
        assert not unread and len(report["files"]) == len(self._numbers), f"not checked: {unread[:10]}"
        self._fails = {(row["path"], version) for row in report["files"] for version in row["errors"]}

    def there(self, symbol: str, exact: tuple[int, ...]) -> bool:
        """Whether the symbol's program may run there, as the command line says."""
        return (_path(self._numbers[symbol]), f"3.{exact[1]}") not in self._fails


def check(folder: Path, targets: Iterable[str]) -> dict[str, Any]:
    """The JSON report of a run over a folder."""
    output = folder / "report.json"
    command = [sys.executable, "-m", "compatcheck", "check", "--isolated", "--no-cache", "--quiet", "--format", "json"]
    command += [f"--target={target}" for target in targets]
    done = subprocess.run([*command, "--output", str(output), "--", str(folder)], cwd=ROOT, timeout=SECONDS)
    if done.returncode not in (0, 1):
        raise SystemExit(f"compatcheck ended with exit code {done.returncode}")
    report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    return report


def _path(number: int) -> str:
    return f"p{number // FOLDERS}/p{number}.py"
