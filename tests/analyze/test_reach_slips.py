"""Bugs inside guards, and guards that people declare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import compatcheck
from compatcheck.analyze import Analyzer
from compatcheck.model.source import Source
from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml
from tests.analyze.reach_cases import RULEBOOK, failing, problems

RULES: list[dict[str, Any]] = [
    rule for path in sorted((rules_folder() / "library").glob("*.yaml")) if (rule := read_yaml(path))["kind"] == "guard"
]


def slips(code: str, target: str = "3.6-3.13") -> list[str]:
    return [problem.rule for problem in problems(code, target) if problem.kind == "guard"]


def test_there_are_rules() -> None:
    assert len(RULES) >= 6


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["id"])
def test_examples(rule: dict[str, Any]) -> None:
    for code in rule["examples"]["wrong"]:
        assert rule["id"] in slips(code), code
        severities = {problem.severity for problem in problems(code) if problem.rule == rule["id"]}
        assert severities == {rule["severity"]}
    for code in rule["examples"].get("right", ()):
        assert slips(code) == [], code


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nif sys.version_info[:2] == (3, 8): pass",
        "import sys\nif sys.version_info == (3, 8, 1, 'final', 0): pass",
        "import sys\nif sys.version == '3.8 mine': pass",
        "version = '3.8'\nif version >= '3.7': pass",
        "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\ntomllib.loads('')",
        "try:\n    import tomllib\nexcept ValueError:\n    pass",
        "try:\n    import tomllib\nexcept ImportError:\n    pass\ntry:\n    tomllib\nexcept NameError:\n    pass",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tomllib\ndef f(x: tomllib.X): pass",
        "from __future__ import annotations\nimport sys\nif sys.version_info >= (3, 11):\n    from typing import Self\n"
        "class A:\n    def f(self) -> Self: ...",
    ],
)
def test_nothing_to_say(code: str) -> None:
    assert slips(code) == []


def test_obsolete_only_below_the_oldest_target() -> None:
    code = "import sys\nif sys.version_info >= (3, 8):\n    pass\n"
    assert slips(code, "3.8-3.13") == ["obsolete-guard"]
    assert slips(code, "3.7-3.13") == []
    assert slips(code, "3.7") == []
    assert slips("import sys\nif sys.version_info[0] == 2:\n    pass\n") == ["obsolete-guard"]


USE = "import math\n"
DECLARED = {
    "line": USE + "math.lcm(4, 6)  # compatcheck: reachable(>=3.9)\n",
    "line-above": USE + "# compatcheck: reachable(>=3.9)\nmath.lcm(4, 6)\n",
    "function": USE + "def f():  # compatcheck: reachable(>=3.9)\n    print()\n    math.lcm(4, 6)\n",
    "function-above": USE + "# compatcheck: reachable(>=3.9)\ndef f():\n    print()\n    math.lcm(4, 6)\n",
    "decorated": USE + "# compatcheck: reachable(>=3.9)\n@staticmethod\ndef f():\n    math.lcm(4, 6)\n",
    "class": USE + "class A:  # compatcheck: reachable(>=3.9)\n    def f(self):\n        math.lcm(4, 6)\n",
    "module": "# compatcheck: reachable(>=3.9)\n\n" + USE + "def f():\n    math.lcm(4, 6)\n",
    "module-docstring": '# compatcheck: reachable(>=3.9)\n"""Doc."""\n' + USE + "math.lcm(4, 6)\n",
}


@pytest.mark.parametrize("code", DECLARED.values(), ids=DECLARED)
def test_declared(code: str) -> None:
    assert failing(code) == ()
    assert failing(code.replace("3.9", "3.8")) == ("3.8",)


def test_declared_for_its_line_only() -> None:
    code = USE + "math.lcm(4, 6)  # compatcheck: reachable(>=3.9)\nmath.lcm(4, 6)\n"
    assert failing(code) == ("3.6", "3.7", "3.8")


def test_declared_in_the_middle_is_not_for_the_module() -> None:
    code = USE + "# compatcheck: reachable(>=3.9)\nprint()\nmath.lcm(4, 6)\n"
    assert failing(code) == ("3.6", "3.7", "3.8")


@pytest.mark.parametrize(
    "code",
    [
        "from compat import requires_39\n@requires_39\ndef f():\n    math.lcm(4, 6)\n",
        "import compat\n@compat.requires_39\nclass A:\n    def f(self):\n        math.lcm(4, 6)\n",
    ],
)
def test_guard_decorators(code: str) -> None:
    runtimes = RULEBOOK.runtimes
    scope, new = runtimes.parse("3.6-3.13").runtimes, runtimes.parse(">=3.9").runtimes
    source = Source("case.py", (USE + code).encode())
    assert Analyzer(RULEBOOK, scope)(source).problems
    assert not Analyzer(RULEBOOK, scope, {"requires_39": new, "compat.requires_39": new})(source).problems


def test_guard_decorators_of_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second run must not take the first one's answer from the cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "a.py").write_text(USE + "from c import new\n@new\ndef f():\n    math.lcm(4, 6)\n")
    (tmp_path / "pyproject.toml").write_text('[tool.compatcheck]\ntarget = "3.8"\n')
    assert [finding.symbol for finding in compatcheck.check_paths(["a.py"], []).findings] == ["math.lcm"]
    (tmp_path / "pyproject.toml").write_text(
        '[tool.compatcheck]\ntarget = "3.8"\n[tool.compatcheck.guard-decorators]\nnew = ">=3.9"\n'
    )
    assert not compatcheck.check_paths(["a.py"], []).findings
