"""Runs the prober in every interpreter of this machine and keeps what they say in the cache."""

import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.judge import interpreters
from tools.stdlib import cache, debian

HERE = Path(__file__).parent
# 3.13 is there to tell what pyodide lacks from what a newer Python lacks.
PYODIDES = {"3.13": "0.28.3", "3.14": "314.0.7", "3.15": "315.0.0-alpha.2"}
# Modules that are attributes of others: no file of that name exists.
VIRTUAL = ["os.path", "math.integer", "typing.io", "typing.re", "xml.parsers.expat.errors", "xml.parsers.expat.model"]
SECONDS = 900


@dataclass(frozen=True, slots=True)
class Target:
    label: str  # "3.8", "3.14-pyodide"
    command: tuple[str, ...]  # takes request and result files as two more arguments


def targets() -> list[Target]:
    prober = str(HERE / "prober.py")
    natives = {found.version: (str(found.path),) for found in interpreters.find() if not found.is_pyodide}
    packaged = {f"{version}-debian": start for version, start in debian.pythons().items()}
    started = {label: start for label, start in (natives | packaged).items() if label != "2.7"}
    found = [Target(label, (*start, "-I", prober)) for label, start in started.items()]
    return found if packaged else found + pyodides(prober)


def pyodides(prober: str) -> list[Target]:
    runner = str(HERE / "pyodide.mjs")
    packages = pyodide_packages()
    return [Target(f"{version}-pyodide", ("node", runner, str(packages[version]), prober)) for version in packages]


def pyodide_packages() -> dict[str, Path]:
    """Folders of the pyodide packages, installed with npm into the cache when missing."""
    home = cache.folder() / "pyodide"
    found = {version: home / "node_modules" / f"python-{version}" for version in PYODIDES}
    if not all((path / "pyodide.mjs").exists() for path in found.values()):
        home.mkdir(exist_ok=True)
        wanted = [f"python-{version}@npm:pyodide@{release}" for version, release in PYODIDES.items()]
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), *wanted]
        subprocess.run(command, check=True, timeout=SECONDS, capture_output=True)
    return found


def ask(target: Target, request: dict[str, Any]) -> Any:
    """One interpreter's answer; subprocess errors go through to the caller."""
    asked, answer = cache.folder() / "request.json", cache.folder() / "answer.json"
    asked.write_text(json.dumps(request), encoding="utf-8")
    answer.unlink(missing_ok=True)
    subprocess.run([*target.command, str(asked), str(answer)], check=True, timeout=SECONDS)
    return json.loads(answer.read_text(encoding="utf-8"))


def collect(known: Iterable[str] = ()) -> None:
    """Two rounds: what each interpreter shows by itself, then every name that any source knows, asked of all."""
    everyone = targets()
    first = {target.label: ask(target, {"modules": VIRTUAL}) for target in everyone}
    request = question(first.values(), known)
    for target in everyone:
        cache.save(f"probe-{target.label}", ask(target, request))


def question(answers: Iterable[Any], known: Iterable[str]) -> dict[str, Any]:
    """The union of all modules and their names, so that names which only `__getattr__` gives are asked for too."""
    names: dict[str, set[str]] = {module: set() for module in VIRTUAL}
    for answer in answers:
        for module in answer["listed"]:
            names.setdefault(module, set())
        for module, found in answer["modules"].items():
            names.setdefault(module, set()).update(found.get("names", ()))
    for symbol in known:
        module, _, name = (symbol if "." in symbol else f"builtins.{symbol}").rpartition(".")
        if module in names and name not in names and name.isidentifier():
            names[module].add(name)
    return {"modules": sorted(names), "names": {module: sorted(found) for module, found in names.items() if found}}
