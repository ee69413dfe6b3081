"""Compiles files or imports modules, on any Python 3 from 3.4 on; runs alone: it imports no compatcheck.

Arguments: a JSON file with what to do, and a file that gets one JSON line for each item, in order. Who dies in between
has named the culprit: the first item without a line.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# Python 3.4 could read annotations of functions; it has nothing that checks them.

import importlib
import json
import os
import sys
import traceback
import warnings


def main(task, answers):
    warnings.simplefilter("ignore")
    with open(task, encoding="utf-8") as file:
        asked = json.load(file)
    act = {"compile": compiled, "import": imported}[asked["do"]]
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = asked["before"] + [path for path in sys.path if path != here] + asked["after"]
    with open(answers, "w", encoding="ascii") as file:
        for name in asked["items"]:
            file.write(json.dumps(outcome(act, name)) + "\n")
            file.flush()


def outcome(act, name):
    """What came of it: nothing, or the error with all that is said of it."""
    try:
        act(name)
    except BaseException as error:  # a module may do anything, exit included
        return {
            "error": type(error).__name__,
            "kinds": [each.__name__ for each in type(error).__mro__],
            "message": str(error)[:1000],
            "missing": getattr(error, "name", None) if isinstance(error, ImportError) else None,
            "told": told(error)[-20000:],
        }
    return {}


def compiled(path):
    with open(path, "rb") as file:
        data = file.read()
    compile(data, path, "exec", 0, True)


def imported(name):
    importlib.import_module(name)


def told(error):
    try:
        return "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except Exception:  # an error that cannot even say what it is
        return type(error).__name__


if __name__ == "__main__":
    main(*sys.argv[1:])
