"""What a Python and its machine have, as JSON on standard output. Runs alone, on any Python 3: it imports no compatcheck.

Standard input holds a JSON list of modules to try.
"""
# mypy: disable-error-code="no-untyped-def, no-untyped-call"
# Python 3.4 could read annotations of functions; it has nothing that checks them.

import importlib
import io
import json
import os
import platform
import sys
import warnings


def main():
    warnings.simplefilter("ignore")
    tried = set(json.loads(sys.stdin.read())) | set(getattr(sys, "stdlib_module_names", ()))
    answer = {
        "version": platform.python_version(),
        "implementation": sys.implementation.name,
        "system": sys.platform,
        "os_name": os.name,
        "machine": platform.system(),
        "missing": missing(sorted(tried)),
        "packages": packages(),
    }
    print(json.dumps(answer), file=sys.__stdout__)


def missing(names):
    """The modules that do not import, with the reason; what modules print is nobody's business."""
    found = {}
    sys.stdout = sys.stderr = io.StringIO()
    for name in names:
        try:
            importlib.import_module(name)
        except BaseException as error:  # a module may do anything, exit included
            found[name] = "%s: %s" % (type(error).__name__, error)  # noqa: UP031 - Python 3.4 has no f-strings
    return found


def packages():
    """Installed distributions with their versions."""
    try:
        from importlib.metadata import distributions
    except ImportError:
        return {}
    return {each.metadata["Name"]: each.version for each in distributions() if each.metadata["Name"]}


if __name__ == "__main__":
    main()
