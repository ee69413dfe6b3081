"""anvil-client against what its Skulpt did: 153 programs at 14 releases, and the modules that import there."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compatcheck.analyze import Analyzer
from compatcheck.model.problems import Problem
from compatcheck.model.source import Source
from compatcheck.rulebook import load_rulebook, rules_folder
from compatcheck.rulebook.compiling import read_yaml

PROFILE = read_yaml(rules_folder() / "platforms" / "anvil-client.yaml")
RELEASES = list(PROFILE["releases"])
CASES: dict[str, dict[str, Any]] = read_yaml(Path(__file__).with_name("skulpt_cases.yaml"))


@cache
def _analyzer(release: str) -> Analyzer:
    target = f"anvil-client-{release}"
    rulebook = load_rulebook(specs=[target])
    return Analyzer(rulebook, rulebook.runtimes.parse(target).runtimes)


def _problems(code: str, release: str) -> tuple[Problem, ...]:
    return _analyzer(release)(Source("form.py", code.encode())).problems


def _releases(said: str | list[str] | None) -> set[str]:
    """`always`, `1.3-`, `-1.7.4`, `1.2-1.9.0`, or a list."""
    if said is None or said == "never":
        return set()
    if isinstance(said, list):
        return set(said)
    if said == "always":
        return set(RELEASES)
    low, _, high = said.partition("-")
    first = RELEASES.index(low) if low else 0
    return set(RELEASES[first : RELEASES.index(high) + 1 if high else None])


def test_there_are_153_cases() -> None:
    assert len(CASES) == 153


@pytest.mark.parametrize("name", CASES)
def test_a_program_that_fails_there_is_an_error(name: str) -> None:
    """And one that works is none."""
    case = CASES[name]
    fails, unseen, warned, alarms = (_releases(case.get(key)) for key in ("fails", "unseen", "warned", "alarms"))
    for release in RELEASES:
        found = {problem.severity for problem in _problems(case["code"], release)}
        if release in fails - unseen:
            assert found and ("error" in found or release in warned), release
        elif release not in fails | alarms:
            assert "error" not in found, release


def test_most_failures_are_seen_and_what_works_is_no_error() -> None:
    """Of 153 programs at the last release: how many of the failures are found, and no false alarm."""
    last = RELEASES[-1]
    fails = {name for name, case in CASES.items() if last in _releases(case.get("fails"))}
    found = {name for name, case in CASES.items() if _problems(case["code"], last)}
    assert len(fails) == 54
    assert len(fails & found) >= 48
    works = {name for name, case in CASES.items() if not {"fails", "differs"} & case.keys()}
    assert not works & found


def test_modules_of_the_lists() -> None:
    """What cannot be imported is an error at the last release; what can, is none."""
    lacking = {
        name
        for group in PROFILE["lacks"]
        if not {"until", "severity"} & group.keys()
        for name in group.get("modules", ())
    }
    imports = {name for group in PROFILE["imports"] for name in group["modules"]} - {"typing", "builtins"}
    assert len(lacking) > 200 and len(imports) > 40
    for name in lacking:
        [problem] = _problems(f"import {name}\n", RELEASES[-1])
        assert (problem.rule, problem.severity, problem.symbol) == ("platform-module", "error", name)
    for name in imports:
        assert not _problems(f"import {name}\n", RELEASES[-1]), name


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("import os\n", ["platform-module"]),
        ("from os import path\n", ["platform-module"]),
        ("from __future__ import annotations\n", ["platform-module"]),
        ("try:\n    import os\nexcept ImportError:\n    os = None\n", []),
        ("import anvil\nif anvil.is_server_side():\n    import os\n", []),
        ("from anvil import is_server_side\nif is_server_side():\n    import os\nelse:\n    import json\n", []),
        ("import anvil\nif not anvil.is_server_side():\n    import os\n", ["platform-module"]),
        ("import anvil.secrets\n", ["platform-module"]),
        ("bytearray(3)\n", ["platform-name"]),
        ("try:\n    f()\nexcept OSError:\n    pass\n", ["platform-name"]),
        ("from anvil.server import TimeoutError\nTimeoutError\n", []),
        ("'a'.casefold()\n", ["platform-name"]),
        ("from anvil import *\nfrom anvil.tables import *\nbytearray(3)\n", ["platform-name"]),
        ("import math\nmath.dist\n", ["missing-name"]),
        ("import math\nmath.lcm(2, 3)\n'a'.removeprefix('b')\n", []),
        ("import sys\nif sys.version_info >= (3, 8):\n    import os\n", []),
        ("x = f'a''\n", ["lone-quote"]),
        ("def f(debugger): pass\n", ["debugger-name"]),
        ("def f(*a, **b):\n    yield a\n", ["variable-arguments-in-generator"] * 2),
    ],
)
def test_client_code(code: str, rules: list[str]) -> None:
    found = _problems(code, RELEASES[-1])
    assert [problem.rule for problem in found] == rules
    assert all(problem.kind in ("platform", "syntax", "name") for problem in found)


def test_what_only_functions_import_is_a_warning() -> None:
    """Client modules run on the server, too."""
    [problem] = _problems("def on_the_server():\n    import os\n", RELEASES[-1])
    assert (problem.severity, problem.confidence) == ("warning", "likely")


def test_builtins_that_a_star_import_may_bring_are_a_warning() -> None:
    [sure] = _problems("from anvil import *\nbytearray(3)\n", RELEASES[-1])
    [unsure] = _problems("from anvil import *\nfrom helpers import *\nbytearray(3)\n", RELEASES[-1])
    assert (sure.severity, unsure.severity) == ("error", "warning")


def test_what_only_cpython_refuses_is_a_warning() -> None:
    [problem] = _problems("x = 'a''\n", RELEASES[-1])
    assert (problem.severity, problem.rule) == ("warning", "lone-quote")
    assert problem.evidence == (f"anvil-client-{RELEASES[-1]} takes it, no CPython does",)
