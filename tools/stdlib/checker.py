"""Runs inside an interpreter: imports a module and follows attributes, each module in a process of its own.

Standard input: {module: [[attribute, …], …]}. Standard output: {module: [0, 1 or 2, …]}, null for a module that is not
there, "broken" for one that cannot be imported here.
"""

import importlib
import json
import os
import signal
import sys
import warnings
from typing import Any


def reachable(thing: Any, path: "list[str]") -> int:
    """1: there, 0: not there, 2: its owner is no class in this version, so that only an instance could tell."""
    for place, name in enumerate(path):
        if place and not isinstance(thing, type):
            return 2
        try:
            thing = getattr(thing, name)
        except Exception:
            return int(place > 0 and of_instances(thing, name))
    return 1


def of_instances(cls: type, name: str) -> bool:
    """Descriptors that refuse the class itself (Enum.value), and fields of syntax tree nodes."""
    return any(name in vars(base) for base in cls.__mro__) or name in getattr(cls, "_fields", ())


def check(name: str, paths: "list[list[str]]") -> Any:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if name.split(".")[0] in getattr(sys, "stdlib_module_names", ()):
            return "broken"  # left out of this build, or of another system
        return None if (error.name or "") == name or name.startswith((error.name or " ") + ".") else "broken"
    except BaseException:
        return "broken"
    return [reachable(module, path) for path in paths]


def forked(name: str, paths: "list[list[str]]") -> Any:
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        signal.alarm(30)
        with os.fdopen(sink, "w") as out:
            json.dump(check(name, paths), out)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source) as text:
        answer = text.read()
    os.waitpid(child, 0)
    return json.loads(answer) if answer else "broken"


def main() -> None:
    warnings.simplefilter("ignore")
    sys.path[:] = [entry for entry in sys.path if "site-packages" not in entry]
    asked = json.load(sys.stdin)
    answers = {name: forked(name, paths) for name, paths in asked.items()}
    answers["version"] = "{}.{}.{}".format(*sys.version_info)
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
