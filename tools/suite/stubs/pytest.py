"""What snippets need of pytest: skipping, and a runner for plain functions and classes."""
# mypy: ignore-errors

import os
import platform
import sys


class Skipped(BaseException):
    pass


def skip(reason="", allow_module_level=False):
    raise Skipped(reason)


def importorskip(name, minversion=None, reason=None):
    try:
        __import__(name)
    except ImportError:
        raise Skipped(name) from None
    return sys.modules[name]


class Skipif:
    def __init__(self, condition, reason=None):
        self.condition = condition

    def __call__(self, item):
        item.pytestmark = [*marks_of(item), self]
        return item

    def skips(self, names):
        if isinstance(self.condition, str):
            return eval(self.condition, {"sys": sys, "os": os, "platform": platform, **names})
        return self.condition


class mark:
    skipif = Skipif

    @staticmethod
    def skip(reason=None):
        return Skipif(True)


def marks_of(item):
    marks = getattr(item, "pytestmark", [])
    return list(marks) if isinstance(marks, (list, tuple)) else [marks]


def run(module):
    names = vars(module)
    outer = marks_of(module)
    for name, item in list(names.items()):
        if name.startswith("test_"):
            run_one(item, outer + marks_of(item), names)
        elif name.startswith("Test") and isinstance(item, type):
            for key in dir(item):
                if key.startswith("test_"):
                    method = getattr(item(), key)
                    run_one(method, outer + marks_of(item) + marks_of(method), names)


def run_one(function, marks, names):
    if any(mark.skips(names) for mark in marks):
        return
    try:
        function()
    except Skipped:
        return
