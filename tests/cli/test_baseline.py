"""Known findings stay known through moves and edits nearby, and no new one hides behind them."""

from __future__ import annotations

import json
import os
from pathlib import Path

import jsonschema
import pytest

from compatcheck.rulebook import rules_folder
from tests.cli.conftest import Call

FILE = ".compatcheck-baseline.json"
WALRUS = "(n := 1)\n"
ARGV = ("--target", "3.7", "--baseline", FILE)


@pytest.fixture
def known(call: Call, folder: Path) -> Path:
    """A folder whose two findings are in the baseline."""
    (folder / "a.py").write_text(f"x = 1\n{WALRUS}")
    (folder / "b.py").write_text("(m := 2)\n")
    done = call("baseline", "update", "--target", "3.7", ".")
    assert (done.code, done.out) == (
        0,
        f"{FILE}: 2 findings, 2 added, 0 removed\n      2  assignment-expression\n",
    )
    return folder


def test_what_is_known_is_not_reported(call: Call, known: Path) -> None:
    done = call(*ARGV, ".")
    assert (done.code, done.out) == (0, "All checks passed: 2 files on 3.7, 2 findings known.\n")
    assert call("--target", "3.7", ".").code == 1


def test_the_file_keeps_its_schema_and_is_sorted(known: Path) -> None:
    schema = json.loads((rules_folder() / "schemas" / "baseline.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    data = json.loads((known / FILE).read_text())
    jsonschema.Draft202012Validator(schema).validate(data)
    assert list(data["files"]) == ["a.py", "b.py"]
    assert data["rules"] == {"assignment-expression": 2}


def test_moves_and_edits_nearby_change_nothing(call: Call, known: Path) -> None:
    (known / "a.py").write_text(f"def f():\n    pass\n\n\nif x:\n    {WALRUS}y = 3\n")
    assert call(*ARGV, ".").code == 0


def test_a_new_one_is_reported_even_when_it_looks_the_same(call: Call, known: Path) -> None:
    (known / "a.py").write_text(f"x = 1\n{WALRUS}{WALRUS}")
    done = call(*ARGV, ".")
    assert done.code == 1
    assert "1 error in 1 of 2 files, 2 known." in done.out
    (known / "a.py").write_text(f"x = 1\n{WALRUS}")
    (known / "c.py").write_text(WALRUS)
    assert "c.py\n  1:2" in call(*ARGV, ".").out


def test_a_file_with_another_name_keeps_its_known_findings(call: Call, known: Path) -> None:
    (known / "a.py").rename(known / "new.py")
    assert call(*ARGV, ".").code == 0
    (known / "a.py").write_text("x = 1\n")  # it is there again, without its finding: this is another one
    assert call(*ARGV, ".").code == 1


def test_entries_that_nothing_matches_are_reported_and_pruned(call: Call, known: Path) -> None:
    (known / "a.py").write_text("x = 1\n")
    done = call(*ARGV, ".")
    assert done.code == 0
    assert "warning: the baseline lists 1 finding of `assignment-expression` in `a.py`, gone from the code" in done.out
    assert call(*ARGV, "b.py").out == "All checks passed: 1 file on 3.7, 1 finding known.\n"  # a.py was not looked at
    (known / "b.py").write_text("(m := 2)\n(new := 3)\n")
    assert "1 finding, 0 added, 1 removed" in call("baseline", "prune", "--target", "3.7", ".").out
    assert "1 error in 1 of 2 files, 1 known." in call(*ARGV, ".").out  # pruning hides nothing new


@pytest.mark.parametrize("argv", [("--target", "3.8"), ("--target", "3.7", "--ignore", "syntax")])
def test_a_run_that_looks_for_less_calls_nothing_stale(call: Call, known: Path, argv: tuple[str, ...]) -> None:
    assert call("--baseline", FILE, *argv, ".").code == 0
    assert "lists" not in call("--baseline", FILE, *argv, ".").out


def test_an_update_of_some_files_leaves_the_others_alone(call: Call, known: Path) -> None:
    (known / "a.py").write_text("x = 1\n")
    assert "1 finding, 0 added, 1 removed" in call("baseline", "update", "--target", "3.7", "a.py").out
    assert list(json.loads((known / FILE).read_text())["files"]) == ["b.py"]


def test_settings_may_name_it_inside_the_project_only(call: Call, known: Path) -> None:
    (known / "sub").mkdir()
    (known / "compatcheck.toml").write_text(f'target = "3.7"\nbaseline = "{FILE}"\n')
    os.chdir(known / "sub")
    assert call("..").code == 0
    (known / "compatcheck.toml").write_text('target = "3.7"\nbaseline = "../out.json"\n')
    done = call("..")
    assert (done.code, done.err) == (
        2,
        "compatcheck: error: compatcheck.toml:2: baseline = '../out.json' leads out of the project\n",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "there is no file"),
        ("[]", "no baseline"),
        ('{"schema_version": "9"}', "'9'"),
        ("{", "no baseline"),
        (json.dumps({"schema_version": "1", "targets": [], "checks": [], "key": "00" * 65, "files": {}}), "too long"),
    ],
)
def test_what_is_no_baseline_is_a_mistake(call: Call, folder: Path, text: str | None, says: str) -> None:
    if text is not None:
        (folder / FILE).write_text(text)
    done = call(*ARGV, ".")
    assert done.code == 2
    assert says in done.err
    assert "compatcheck baseline update" in done.err or says == "'9'"


def test_show_counts_by_rule(call: Call, known: Path) -> None:
    assert call("baseline", "show").out == "      2  assignment-expression\n"


def test_comments_still_come_first(call: Call, known: Path) -> None:
    (known / "b.py").write_text("(m := 2)  # compatcheck: ignore[syntax] why\n")
    assert "1 silenced, 1 known" in call(*ARGV, "-v", ".").out


def test_another_secret_in_the_same_place_is_new(call: Call, folder: Path) -> None:
    """Masked, both look the same; the baseline holds neither."""
    argv = ("--target", "3.8", "--checks", "code,secrets")
    first, second = ("AKIA" + "QZ7WX3" * 2 + end for end in ("K5TA", "M2RB"))
    (folder / "a.py").write_text(f'KEY = "{first}"\n')
    assert call("baseline", "update", *argv, ".").out.startswith(f"{FILE}: 1 finding, ")
    assert first not in (folder / FILE).read_text()
    done = call(*argv, "--baseline", FILE, ".")
    assert (done.code, "1 finding known" in done.out) == (0, True)
    (folder / "a.py").write_text(f'KEY = "{second}"\n')
    done = call(*argv, "--baseline", FILE, "--format", "json", ".")
    assert done.code == 1
    assert second not in done.out
    assert call("baseline", "update", *argv, ".").out.startswith(f"{FILE}: 1 finding, 1 added, 1 removed")
