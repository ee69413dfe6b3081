# ruff: noqa: UP010 (Python 2.7 runs this)
"""Runs inside the interpreter that judges (2.7, 3.6 and newer, Pyodide): compiles what it is sent.

Requests and answers are frames: four bytes of length, big-endian, then the source or a JSON object.
It only says what happened; which exception is a refusal is decided in verdict.py.
"""

from __future__ import print_function

import json
import struct
import sys
import warnings

if False:  # as TYPE_CHECKING, which Python 2 has not
    from collections.abc import Callable  # noqa: F401 (in a type comment)

MOST_WARNINGS = 10


def text(value):  # type: (object) -> str | None
    """Messages as text that JSON can carry, whatever bytes Python 2 has in them."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")  # Python 2's str
    return str(value) if sys.version_info >= (3,) else unicode(value)  # type: ignore[name-defined] # noqa: F821


def failure(error):  # type: (BaseException) -> dict[str, object]
    message = text(error.msg) if isinstance(error, SyntaxError) else text(str(error))
    kinds = [kind.__name__ for kind in type(error).__mro__[:-1]]
    return {
        "kinds": kinds,
        "message": message,
        "line": getattr(error, "lineno", None),
        "column": getattr(error, "offset", None),
    }


def compiled(source):  # type: (bytes) -> dict[str, object]
    """What `compile` did: its failure if it failed, and the warnings it gave."""
    outcome = {}  # type: dict[str, object]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            compile(source, "<judged>", "exec", 0, True)
        except BaseException as error:  # whatever it is, it is the verdict
            outcome = failure(error)
    outcome["warnings"] = [
        {"kind": warning.category.__name__, "message": text(str(warning.message)), "line": warning.lineno}
        for warning in caught[:MOST_WARNINGS]
    ]
    return outcome


def answer(source):  # type: (bytes) -> str
    return json.dumps(compiled(source))


def read_exactly(stream, size):  # type: (object, int) -> bytes
    data = b""
    while len(data) < size:
        piece = stream.read(size - len(data))  # type: ignore[attr-defined]
        if not piece:
            return b""
        data += piece
    return data


def serve(answer):  # type: (Callable[[bytes], str]) -> None
    """Answer requests until there are none."""
    source = getattr(sys.stdin, "buffer", sys.stdin)  # Python 2 has no buffer
    target = getattr(sys.stdout, "buffer", sys.stdout)

    def send(message):  # type: (str) -> None
        data = message.encode("ascii")
        target.write(struct.pack(">I", len(data)) + data)  # type: ignore[arg-type]
        target.flush()

    send(json.dumps({"version": sys.version}))
    while True:
        header = read_exactly(source, 4)
        if not header:
            return
        send(answer(read_exactly(source, struct.unpack(">I", header)[0])))


def executed(source):  # type: (bytes) -> dict[str, object]
    """What running the source as a program did."""
    program = type(sys)("__main__")
    sys.modules["__main__"] = program
    try:
        exec(compile(source, "<judged>", "exec", 0, True), program.__dict__)
    except BaseException as error:  # SystemExit too: the caller says what it expected
        return failure(error)
    return {}


def run_program(program, outcome):  # type: (str, str) -> None
    with open(program, "rb") as file:
        source = file.read()
    result = json.dumps(executed(source))
    with open(outcome, "w") as file:
        file.write(result)


def main(arguments):  # type: (list[str]) -> None
    if arguments:
        run_program(*arguments)
    else:
        serve(answer)


if __name__ == "__main__" and sys.platform != "emscripten":  # in Pyodide, pyodide/worker.mjs calls the functions
    main(sys.argv[1:])
