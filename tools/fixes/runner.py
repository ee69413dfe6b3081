"""Runs many programs in one interpreter, old ones too: reads a JSON list of sources, writes a list of what each prints.

Python 3.6 and newer run this file; it imports nothing of the project.
"""

import contextlib
import io
import json
import sys
import types
import warnings


def run(source: str, name: str) -> str:
    out = io.StringIO()
    module = types.ModuleType(name)  # dataclasses look their module up
    sys.modules[name] = module
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(out):
            warnings.simplefilter("ignore")
            exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:
        out.write(f"{type(error).__name__}: {error}")
    return out.getvalue()


sources = json.load(sys.stdin)
print(json.dumps([run(source, f"program_{at}") for at, source in enumerate(sources)]), flush=True)
