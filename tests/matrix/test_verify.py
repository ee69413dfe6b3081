"""`compatcheck verify`: what the real interpreters do is what it says, and what the report says is held against that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from compatcheck.matrix.agreement import Results, disagreements
from compatcheck.matrix.interpreters import Interpreter
from compatcheck.report.junit_results import Case
from tests.cli.conftest import Call
from tests.matrix.conftest import VERSIONS, written
from tests.report.conftest import WALRUS, report_of

pytestmark = pytest.mark.usefixtures("interpreters")

SHOP = {
    "pyproject.toml": "[build-system]\nrequires = []\n",
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "if (count := 1):\n    pass\n",
    "src/shop/prices.py": "from shop import totals\n",
    "src/shop/totals.py": "import tomllib\n",
    "src/shop/online.py": "import no_such_package_anywhere\n",
    "src/shop/__main__.py": "raise AssertionError('imported')\n",
    "tests/test_shop.py": "raise AssertionError('imported')\n",
    "setup.py": "raise AssertionError('imported')\n",
}


def steps_of(text: str) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["runtime"], each["source"]): each for each in json.loads(text)["tests"]}


def test_every_interpreter_compiles_and_imports(call: Call, folder: Path) -> None:
    written(folder, SHOP)
    done = call("verify", "--target", "3.7-3.13", "--format", "json")
    assert done.code == 1
    found = steps_of(done.out)
    findings = {one["fingerprint"]: one["rule"] for one in json.loads(done.out)["findings"]}
    assert list(found) == [(version, source) for version in VERSIONS for source in ("compile", "import")]
    for version in VERSIONS:
        compiled, imported = found[version, "compile"], found[version, "import"]
        old = version == "3.7"
        assert [one["name"] for one in compiled["failures"]] == ["src/shop/cart.py"] * old
        no_tomllib = version in ("3.7", "3.8", "3.9", "3.10")
        names = ["shop.cart"] * old + ["shop.prices", "shop.totals"] * no_tomllib
        assert [one["name"] for one in imported["failures"]] == names
        assert imported["skipped"] == 1  # a package that is not installed says nothing
        for one in (*compiled["failures"], *imported["failures"]):
            assert one["only_here"] or no_tomllib
            assert {findings[each] for each in one["explained_by"]} <= {"assignment-expression", "missing-module"}
            assert one["explained_by"]


def test_what_people_see(call: Call, folder: Path) -> None:
    written(folder, {"a.py": "(n := 1)\n", "b.py": ""})
    done = call("verify", "--target", "3.7,3.13", "-q")
    assert done.code == 1
    first, second, *rest = done.out.splitlines()
    assert first.startswith("3.7   compile 1 of 2; import 1 of 2  (3.7.")
    assert second.startswith("3.13  compile 2 of 2; import 2 of 2  (3.13.")
    assert rest[1] == "Fails:"
    assert rest[2].startswith("  on 3.7: compile a.py: SyntaxError: invalid syntax")
    assert rest[2].endswith(" — as found at a.py:1 [assignment-expression]")
    assert rest[-1].startswith("Report and interpreters agree on 4 of 4 compilations; 2 of 2 failures are explained")
    assert done.err == ""


def test_a_failure_without_a_finding_is_a_disagreement(call: Call, folder: Path) -> None:
    written(folder, {"a.py": "(n := 1)\n"})
    done = call("verify", "--target", "3.7,3.13", "--ignore", "assignment-expression", "--compile-only")
    assert done.code == 1
    assert "agree on 1 of 2 compilations" in done.out
    assert "Disagreement: fails, and no finding says so" in done.out
    assert "  compile a.py on 3.7: SyntaxError: invalid syntax" in done.out


def test_a_comment_that_silences_is_no_disagreement(call: Call, folder: Path) -> None:
    written(folder, {"a.py": "(n := 1)  # compatcheck: ignore[assignment-expression] no\n"})
    done = call("verify", "--target", "3.7,3.13", "--compile-only")
    assert done.code == 1  # it fails all the same
    assert "Disagreement" not in done.out


def test_a_finding_that_does_not_fail_is_a_false_alarm() -> None:
    report = report_of(WALRUS)
    results = [Results("3.7", "compile", (Case(WALRUS.path, False, False),))]
    (one,) = disagreements(report, results)
    assert (one.what, one.runtimes, one.place) == ("false-alarm", ("3.7",), f"{WALRUS.path}:{WALRUS.line}")
    assert disagreements(report, [Results("3.7", "compile", (Case(WALRUS.path, False, True),))]) == []


def test_modules_that_break_the_interpreter(call: Call, folder: Path) -> None:
    written(
        folder,
        {
            "a.py": "import os\nos._exit(7)\n",
            "b.py": "while True: pass\n",
            "c.py": "import sys\nsys.exit(3)\n",
            "d.py": "raise KeyboardInterrupt\n",
            "e.py": "x = 1\n",
        },
    )
    done = call("verify", "--target", "3.11", "--import-timeout", "2", "--format", "json", "-q")
    imported = steps_of(done.out)["3.11", "import"]
    assert (imported["passed"], imported["skipped"]) == (1, 1)
    assert {one["name"]: one["message"] for one in imported["failures"]} == {
        "a": "the interpreter died (exit code 7)",
        "b": "took longer than 2 seconds",
        "d": "KeyboardInterrupt",
    }


def test_compile_only_runs_nothing(call: Call, folder: Path) -> None:
    written(folder, {"a.py": "open('ran', 'w')\n"})
    assert call("verify", "--target", "3.11", "--compile-only").code == 0
    assert not (folder / "ran").exists()
    assert call("verify", "--target", "3.11").code == 0
    assert (folder / "ran").exists()


def test_a_target_without_interpreter_is_told(call: Call, folder: Path) -> None:
    written(folder, {"a.py": ""})
    done = call("verify", "--target", "3.0,3.11", "--compile-only")
    assert done.code == 3
    assert "Python 3.0: no interpreter found; --python names one\n" in done.out


def test_an_interpreter_that_is_named_goes_first(
    call: Call, folder: Path, interpreters: Mapping[str, Interpreter]
) -> None:
    written(folder, {"a.py": ""})
    mine = folder / "mine"
    mine.write_text(f'#!/bin/sh\nexec {interpreters["3.9"].path} "$@"\n')
    mine.chmod(0o755)
    done = call("verify", "--target", "3.9", "--python", str(mine))
    assert (done.code, interpreters["3.9"].path in done.out) == (0, True)
    done = call("verify", "--target", "3.9", "--python", str(folder / "none"), "--python", "true")
    assert done.code == 2
    assert done.err.count("is no CPython that starts") == 2


def test_platforms_only_cannot_be_asked(call: Call, folder: Path) -> None:
    done = call("verify", "--target", "anvil-client")
    assert (done.code, "no CPython among the targets" in done.err) == (2, True)


def test_secrets_of_the_environment_stay_there(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_TOKEN", "hunter-two-2")
    written(folder, {"a.py": "import os\nraise ValueError(os.environ['SHOP_TOKEN'])\n"})
    for form in ("json", "markdown"):
        done = call("verify", "--target", "3.11", "--format", form)
        assert "ValueError: ****" in done.out.replace("\\", "")
        assert "hunter" not in done.out
