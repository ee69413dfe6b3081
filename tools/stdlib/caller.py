"""Runs inside an interpreter: does a callable without a signature take a keyword? It is called with it to find out.

The value is an object that nothing accepts, so that the call fails while its arguments are read. If it fails in the
same way with a keyword that cannot exist, the keyword is refused. Standard input: {module: [[path, keyword], …]};
standard output: {module: [1 taken, 0 refused, null nobody knows, …]}.
"""

import array
import collections
import datetime
import decimal
import importlib
import io
import itertools
import json
import os
import signal
import sys
import warnings
from typing import Any

NOWHERE = "no_such_keyword_at_all"
INSTANCES = [
    b"", "", 0, 0.0, 0j, [], (), {}, set(), frozenset(), bytearray(), memoryview(b""), range(0), array.array("b"),
    collections.deque(), collections.OrderedDict(), collections.defaultdict(), datetime.date(2000, 1, 1),
    datetime.datetime(2000, 1, 1), datetime.time(), datetime.timedelta(), datetime.timezone.utc, decimal.Decimal(0),
    decimal.Context(), io.BytesIO(), io.StringIO(), itertools.count(),
]  # fmt: skip


class Refused:
    """No conversion works on it."""

    __slots__ = ()
    __bool__ = __index__ = __len__ = __iter__ = None


def find(module: Any, path: "list[str]") -> Any:
    """The callable, bound to an instance where it is a method of a class that has one here."""
    owner, thing = None, module
    for name in path:
        owner, thing = thing, getattr(thing, name)
    if isinstance(owner, type) and not hasattr(thing, "__self__"):
        made = [each for each in INSTANCES if type(each) is owner]
        return getattr(made[0], path[-1]) if made else None
    return thing


def answer(thing: Any, keyword: str) -> str:
    try:
        thing(**{keyword: Refused()})
    except Exception as error:
        return f"{type(error).__name__}: {error}".replace(f"'{keyword}'", f"'{NOWHERE}'")
    return "taken"


def takes(module: Any, path: "list[str]", keyword: str) -> "int | None":
    try:
        thing = find(module, path)
    except Exception:
        return None
    makers = [getattr(thing, maker) for maker in ("__init__", "__new__")] if isinstance(thing, type) else [thing]
    if not callable(thing) or any(hasattr(maker, "__code__") for maker in makers):
        return None  # Python code would run; and it has a signature
    mine, bogus = answer(thing, keyword), answer(thing, NOWHERE)
    if mine != bogus:
        return 1
    return 0 if "keyword" in bogus else None


def forked(name: str, questions: "list[list[Any]]") -> Any:
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        silence = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(silence, descriptor)
        signal.alarm(20)
        with os.fdopen(sink, "w") as out:
            module = importlib.import_module(name)
            json.dump([takes(module, path, keyword) for path, keyword in questions], out)
        os._exit(0)
    os.close(sink)
    with os.fdopen(source) as text:
        told = text.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else []


def main() -> None:
    warnings.simplefilter("ignore")
    asked = json.load(sys.stdin)
    json.dump({name: forked(name, questions) for name, questions in asked.items()}, sys.stdout)


if __name__ == "__main__":
    main()
