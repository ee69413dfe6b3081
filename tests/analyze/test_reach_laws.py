"""Laws of guards: a use that fails is clean under the right guard, and not under one that is off by one."""

from __future__ import annotations

import pytest

from tests.analyze.reach_cases import failing

# (import, use, first version with it)
GAINED = [
    ("import math", "math.lcm(4, 6)", 9),
    ("import math", "math.prod([1])", 8),
    ("import math", "math.cbrt(8)", 11),
    ("import functools", "functools.cache(len)", 9),
    ("import itertools", "itertools.pairwise('abc')", 10),
    ("import itertools", "itertools.batched('abc', 2)", 12),
    ("import contextlib", "contextlib.chdir('.')", 11),
    ("import asyncio", "asyncio.TaskGroup()", 11),
    ("import statistics", "statistics.fmean([1])", 8),
    ("import shlex", "shlex.join(['a'])", 8),
    ("import ast", "ast.unparse(None)", 9),
    ("import datetime", "datetime.UTC", 11),
    ("", "import tomllib", 11),
    ("", "import graphlib", 9),
    ("", "from enum import StrEnum", 11),
    ("", "from typing import Literal", 8),
    ("", "'abc'.removeprefix('a')", 9),
    ("", "list(zip([1], [2], strict=True))", 10),
    ("", "aiter", 10),
    ("", "ExceptionGroup", 11),
]
# (import, use, first version without it)
LOST = [
    ("", "import asyncore", 12),
    ("", "import distutils", 12),
    ("", "import cgi", 13),
    ("", "from collections import Mapping", 10),
    ("import inspect", "inspect.getargspec", 11),
    ("import time", "time.clock()", 8),
]
VERSIONS = range(6, 14)
NEWER = [
    "if sys.version_info >= (3, {n}):\n    {use}",
    "if sys.version_info < (3, {n}):\n    pass\nelse:\n    {use}",
    "if (3, {n}) <= sys.version_info:\n    {use}",
    "if not sys.version_info < (3, {n}):\n    {use}",
    "if sys.version_info[:2] >= (3, {n}):\n    {use}",
    "if sys.version_info[1] >= {n}:\n    {use}",
    "if sys.version_info.minor >= {n}:\n    {use}",
    "if sys.hexversion >= 0x03{n:02x}0000:\n    {use}",
    "NEW = sys.version_info >= (3, {n})\nif NEW:\n    {use}",
    "def new():\n    return sys.version_info >= (3, {n})\nif new():\n    {use}",
    "if sys.version_info < (3, {n}):\n    sys.exit()\n{use}",
    "def f():\n    if sys.version_info < (3, {n}):\n        return\n    {use}\nf()",
    "for _ in range(2):\n    if sys.version_info < (3, {n}):\n        continue\n    {use}",
    "assert sys.version_info >= (3, {n})\n{use}",
    "while sys.version_info >= (3, {n}):\n    {use}\n    break",
    "class A:\n    if sys.version_info >= (3, {n}):\n        {use}",
    "def _f():\n    {use}\nif sys.version_info >= (3, {n}):\n    _f()",
]
OLDER = [
    "if sys.version_info < (3, {n}):\n    {use}",
    "if sys.version_info >= (3, {n}):\n    pass\nelse:\n    {use}",
    "OLD = sys.version_info[:2] < (3, {n})\nif OLD:\n    {use}",
    "if sys.version_info >= (3, {n}):\n    raise SystemExit\n{use}",
]


def wrapped(guard: str, head: str, use: str, minor: int) -> str:
    return f"import sys\n{head}\n{guard.format(n=minor, use=use)}\n"


def below(minor: int) -> tuple[str, ...]:
    return tuple(f"3.{n}" for n in VERSIONS if n < minor)


@pytest.mark.parametrize(("head", "use", "since"), GAINED)
def test_gained(head: str, use: str, since: int) -> None:
    assert failing(f"{head}\n{use}\n") == below(since)
    for guard in NEWER:
        assert failing(wrapped(guard, head, use, since)) == (), guard
        assert failing(wrapped(guard, head, use, since - 1)) == (f"3.{since - 1}",), guard
        assert failing(wrapped(guard, head, use, since + 1)) == (), guard


@pytest.mark.parametrize(("head", "use", "gone"), LOST)
def test_lost(head: str, use: str, gone: int) -> None:
    for guard in OLDER:
        assert failing(wrapped(guard, head, use, gone)) == (), guard
        assert failing(wrapped(guard, head, use, gone + 1)) == (f"3.{gone}",), guard
