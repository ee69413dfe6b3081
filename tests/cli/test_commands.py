"""rules, explain, clean, completion."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from compatcheck.cli.exits import worst
from compatcheck.report import FORMATS
from compatcheck.rulebook import load_rulebook
from compatcheck.rulebook.catalog import all_rules, rule_ids
from tests.cli.conftest import WALRUS, Call


def test_rules_lists_every_rule(call: Call) -> None:
    outcome = call("rules")
    listed = {line.split()[0] for line in outcome.out.split("\n\n")[0].splitlines()}
    assert (outcome.code, listed) == (0, rule_ids())


def test_rules_as_json(call: Call) -> None:
    rules = {rule["id"]: rule for rule in json.loads(call("rules", "--format", "json").out)}
    assert set(rules) == rule_ids()
    assert rules["assignment-expression"]["variants"]["in-set"]["works_on"] == ">=3.9"
    assert rules["unused-suppression"]["severity"] == "warning"


def test_explain_shows_what_the_rule_file_says(call: Call) -> None:
    shown = call("explain", "assignment-expression").out
    for part in ("PEP 572", "Assign before the test.", "    a[i := 0]", "No finding:"):
        assert part in shown
    assert re.search(r"^  in-index +3\.10–3\.15: ", shown, re.MULTILINE)


def test_explain_several(call: Call) -> None:
    shown = call("explain", "assignment-expression", "unused-suppression").out
    assert shown.index("assignment-expression: ") < shown.index("unused-suppression: ")
    assert "Why:" in shown


@pytest.mark.parametrize("rule", all_rules(load_rulebook().runtimes), ids=lambda rule: rule.id)
def test_every_rule_can_be_explained(rule: object, call: Call) -> None:
    name = rule.id  # type: ignore[attr-defined]
    outcome = call("explain", name)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"{name}: ")
    assert outcome.out.isprintable() or "\x1b" not in outcome.out


def test_explain_an_unknown_rule(call: Call) -> None:
    outcome = call("explain", "asignment-expression", "zzz")
    assert outcome.code == 2
    assert "did you mean 'assignment-expression'?" in outcome.err
    assert "there is no rule 'zzz'; `compatcheck rules` lists them" in outcome.err


def test_clean_removes_our_caches_only(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    call("--target", "3.7", "a.py")
    cache = folder / ".compatcheck_cache"
    assert cache.is_dir()
    foreign = folder / "sub" / ".compatcheck_cache"
    foreign.mkdir(parents=True)
    (foreign / "precious").write_text("not ours")
    outcome = call("clean")
    assert (outcome.code, outcome.out) == (0, f"removed {cache}\n")
    assert not cache.exists()
    assert (foreign / "precious").exists()
    assert call("clean").out == "There is no cache to remove.\n"


def test_clean_finds_the_projects_cache_from_below(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "sub").mkdir()
    call("--target", "3.7", "a.py")
    assert call("clean", "sub").code == 0
    assert not (folder / ".compatcheck_cache").exists()


def test_clean_does_not_follow_links(call: Call, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "CACHEDIR.TAG").write_text("Signature: compatcheck")
    (folder / ".compatcheck_cache").symlink_to(other)
    call("clean")
    assert (other / "CACHEDIR.TAG").exists()


def test_clean_a_missing_folder(call: Call) -> None:
    outcome = call("clean", "nope")
    assert outcome.code == 3
    assert "nope: no such folder" in outcome.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh", "fish"])
def test_completion_knows_what_the_parser_knows(shell: str, call: Call, tmp_path: Path) -> None:
    script = call("completion", shell).out
    for word in ("--target", "--fail-on", "explain", "completion", "json"):
        assert word.lstrip("-") in script
    if program := shutil.which(shell):
        path = tmp_path / "script"
        path.write_text(script)
        subprocess.run([program, "-n", str(path)], check=True, timeout=30)


def test_bash_completes(call: Call, tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    (tmp_path / "completion").write_text(call("completion", "bash").out)
    code = (
        "source ./completion; COMP_WORDS=(compatcheck check --format ''); COMP_CWORD=3;"
        "_shtab_compatcheck; echo ${COMPREPLY[@]}"
    )
    done = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.split() == list(FORMATS)


@pytest.mark.parametrize(
    ("codes", "code"), [([], 0), ([0, 1], 1), ([1, 3], 3), ([3, 2], 2), ([2, 130, 1], 130), ([99, 130], 99)]
)
def test_the_highest_reason_wins(codes: list[int], code: int) -> None:
    assert worst(codes) == code
