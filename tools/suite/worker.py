"""Runs in each interpreter (3.6 and newer): a JSON list of sources in, a list of errors or nulls out."""
# mypy: ignore-errors

import json
import os
import re
import signal
import struct
import sys
import tempfile

STUBS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stubs")
# What a name, a module or a parameter that a version lacks ends in; other exceptions are the program's own business.
COUNTED = (ImportError, AttributeError, NameError, TypeError, SyntaxError, re.error, struct.error)
# What texts that a version cannot read end in.
TEXTS = (ValueError, LookupError)
# Sources that were not written to be run: only errors that tell of something missing count.
STRICT = "--strict" in sys.argv
TELLING = re.compile(
    "No module named|cannot import name|has no attribute|name '.*' is not defined|unexpected keyword|invalid keyword"
    "|keyword argument|no keyword|not subscriptable|unsupported operand|not supported between|invalid syntax|Error in"
    "|positional argument|not reversible|takes (?:at most|exactly)|f-string|expected|must be|cannot|unknown encoding"
)


def outcome_of(source):
    """The name of the error in which the source ends, in a process of its own."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if not child:
        os.close(read_end)
        error = run(source)
        os.write(write_end, (error or "").encode())
        os._exit(0)
    os.close(write_end)
    with os.fdopen(read_end) as stream:
        error = stream.read()
    os.waitpid(child, 0)
    return error or None


def run(source):
    silence()
    if STRICT:
        keep_safe()
    module = type(sys)("__main__")
    sys.modules["__main__"] = module
    try:
        exec(compile(source, "case.py", "exec", dont_inherit=True), module.__dict__)
        run_tests(module)
    except COUNTED as error:
        return type(error).__name__ if not STRICT or TELLING.search(str(error)) else None
    except TEXTS as error:
        return type(error).__name__ if "# texts" in source else None
    except BaseException:
        return None


def keep_safe():
    """An empty folder and little time: nobody looked through what is run."""
    os.chdir(tempfile.mkdtemp())
    signal.alarm(5)


def silence():
    null = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(null, handle)


def run_tests(module):
    """What unittest and pytest would run, where the source imports them."""
    if "unittest" in sys.modules:
        run_unittest(module)
    if "pytest" in sys.modules:
        sys.modules["pytest"].run(module)


def run_unittest(module):
    import unittest

    class Result(unittest.TestResult):
        def addError(self, test, error):
            if issubclass(error[0], COUNTED):
                raise error[1]

    unittest.defaultTestLoader.loadTestsFromModule(module).run(Result())


def main():
    answers = sys.stdout
    sources = json.load(sys.stdin)
    sys.path.insert(0, STUBS)
    outcomes = [outcome_of(source) for source in sources]
    json.dump(outcomes, answers)


if __name__ == "__main__":
    main()
