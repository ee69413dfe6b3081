# ruff: noqa: UP031, C402 (Python 2.7 runs this)
"""Runs inside Python 2.7 and prints its public names as JSON: {"module": {name: kind}}, to say "Python 2 only".

It must stay readable for Python 2.7.
"""

import json
import os
import pkgutil
import sys
import types

if False:  # as TYPE_CHECKING, which Python 2 has not
    from collections.abc import Iterator  # noqa: F401 (in a type comment)

SKIPPED = ("antigravity", "this", "idlelib", "lib2to3", "test", "turtle", "pydoc_data", "Tkinter")
METHODS = (dict, str, list, set, frozenset, tuple, int, float, bytearray, object, type)


def kind_of(thing):  # type: (object) -> str
    if isinstance(thing, (type, getattr(types, "ClassType", type))):
        exception = isinstance(thing, type) and issubclass(thing, BaseException)
        return "exception" if exception else "class"
    return "function" if callable(thing) else "constant"


def public(module):  # type: (types.ModuleType) -> Iterator[tuple[str, str]]
    exported = getattr(module, "__all__", None)
    for name, thing in vars(module).items():
        if name.startswith("_") or isinstance(thing, types.ModuleType):
            continue
        home = getattr(thing, "__module__", None) or module.__name__
        if name in exported if exported is not None else top(home) == top(module.__name__):
            yield name, kind_of(thing)


def top(name):  # type: (str) -> str
    return name.split(".")[0].strip("_")


def described(name):  # type: (str) -> dict[str, str] | None
    """None where it does not import; an empty table where it must not be imported."""
    if name.split(".")[0] in SKIPPED:
        return {}
    try:
        __import__(name)
    except Exception:
        return None
    return dict(public(sys.modules[name]))


def main():  # type: () -> None
    home = os.path.dirname(os.__file__)
    names = set(sys.builtin_module_names)
    names.update(name for _, name, _ in pkgutil.iter_modules([home, os.path.join(home, "lib-dynload")]))
    found = {}  # type: dict[str, dict[str, str] | None]
    for name in sorted(names):
        if not name.startswith("_") or name == "__builtin__":
            found[name] = described(name)
    builtins = found["__builtin__"] or {}
    for cls in METHODS:
        for name in dir(cls):
            if not name.startswith("_"):
                builtins["%s.%s" % (cls.__name__, name)] = "method"
    json.dump(dict((name, table) for name, table in found.items() if table is not None), sys.stdout)


if __name__ == "__main__":
    main()
