"""The profile of a machine: its Python is asked what it has. Starts that Python, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import compatcheck
from compatcheck.model.rules import Rulebook

_PROBE = Path(__file__).with_name("machine_probe.py")
_SECONDS = 120
# They open a browser, print poems, or are the program itself.
_LEFT_OUT = frozenset({"antigravity", "this", "test", "idlelib.idle", "__main__"})
_SYSTEMS = ("linux", "darwin", "win32")


class CannotMeasure(RuntimeError):
    """The Python did not start, or said something else; the message says which."""


def profile_of(python: str, name: str, rulebook: Rulebook) -> dict[str, Any]:
    """The profile of a Python and its machine, as `rules/schemas/platform.schema.json` describes it."""
    said = _asked(python, sorted(_modules(rulebook)))
    version, system = said["version"], said["system"]
    there = rulebook.runtimes.between(_minor(version), _minor(version))
    lacking = [module for module in said["missing"] if _is_of(module, there, system, rulebook)]
    profile: dict[str, Any] = {
        "id": name,
        "title": f"{said['implementation']} {version} on {said['machine']}, as measured",
        "checked": time.strftime("%Y-%m-%d"),
        "sources": [f"compatcheck {compatcheck.__version__}: `compatcheck platforms collect`"],
    }
    if system in _SYSTEMS:
        profile["system"] = system
    else:
        profile["tells"] = {"sys.platform": system, "os.name": said["os_name"], "platform.system()": said["machine"]}
    profile["releases"] = {version: {"python": _minor(version), "packages": said["packages"]}}
    if lacking:
        profile["lacks"] = [{"modules": lacking, "how": "could not be imported where this was measured"}]
    return profile


def _asked(python: str, modules: list[str]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [python, "-E", str(_PROBE)], input=json.dumps(modules), capture_output=True, text=True, timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotMeasure(f"{python} could not be asked: {error}") from error
    try:
        said: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        last = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        raise CannotMeasure(f"{python} gave no answer: {last}") from error
    return said


def _modules(rulebook: Rulebook) -> set[str]:
    """What some Python has: this one's modules, and those that rules know."""
    known = {*rulebook.stdlib.names, *sys.stdlib_module_names}
    return {name for name in known if _is_module(name, rulebook) and name not in _LEFT_OUT and not name.startswith("_")}


def _is_module(name: str, rulebook: Rulebook) -> bool:
    fact = rulebook.stdlib.fact(name)
    return fact.kind == "module" if fact is not None else name in sys.stdlib_module_names


def _is_of(module: str, there: Any, system: str, rulebook: Rulebook) -> bool:
    """Whether that version of CPython has the module on that system: only then is it missing."""
    if module in _LEFT_OUT or module.startswith("_") or "." in module:
        return False
    fact = rulebook.stdlib.fact(module)
    if fact is None:
        return module in sys.stdlib_module_names
    family = {system, "unix"} if system in ("linux", "darwin") else {system}
    return bool(fact.works & there) and (not fact.platform or bool(family & set(fact.platform)))


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
