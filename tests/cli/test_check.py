"""`compatcheck check`: exit codes, options, mistakes, streams."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compatcheck.cli import check as check_command
from compatcheck.cli import outputs
from compatcheck.model.report import Report
from compatcheck.rulebook import rules_folder
from tests.cli.conftest import WALRUS, Call

SCHEMA = Draft202012Validator(json.loads((rules_folder() / "schemas" / "report.schema.json").read_bytes()))
WARNS = "x = 1  # compatcheck: ignore[assignment-expression]\n"  # a warning at 3.7, where the rule could fire


def test_a_clean_file_passes(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text("x = 1\n")
    outcome = call("--target", "3.7", ".")
    assert (outcome.code, outcome.out, outcome.err) == (0, "All checks passed: 1 file on 3.7.\n", "")


def test_findings_give_1(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    outcome = call("--target", "3.7", "a.py")
    assert outcome.code == 1
    assert "a.py\n  1:5    error: " in outcome.out
    assert "1 error in 1 of 1 file." in outcome.out


def test_the_working_directory_is_the_default_path(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    assert call("--target", "3.7").code == 1
    (folder / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.7"\n')
    assert call().code == 1


def test_a_missing_path_loses_nothing_else(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    outcome = call("--target", "3.7", "a.py", "nope.py")
    assert outcome.code == 3
    assert "nope.py: no such file or directory" in outcome.out
    assert "1:5    error" in outcome.out


def test_nothing_found_to_check_is_said(call: Call) -> None:
    outcome = call("--target", "3.7", ".")
    assert outcome.code == 0
    assert outcome.out.startswith("Nothing to check")


@pytest.mark.parametrize(
    ("source", "options", "code"),
    [
        (WALRUS, [], 1),
        (WALRUS, ["--fail-on", "error"], 1),
        (WALRUS, ["--fail-on", "never"], 0),
        (WALRUS, ["--exit-zero"], 0),
        (WALRUS, ["--ignore", "assignment-expression"], 0),
        (WALRUS, ["--ignore", "module,syntax"], 0),
        (WALRUS, ["--select", "suppression"], 0),
        (WALRUS, ["--select", "syntax", "--select", "suppression"], 1),
        (WARNS, [], 0),
        (WARNS, ["--fail-on", "warning"], 1),
        (WARNS, ["--fail-on=info"], 1),
        (WARNS, ["--fail-on=info", "--ignore=unused-suppression"], 0),
    ],
)
def test_what_makes_it_fail(source: str, options: list[str], code: int, call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(source)
    assert call("--target", "3.7", *options, "a.py").code == code


def test_what_could_not_be_checked_outweighs_findings_and_exit_zero(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    assert call("--target", "3.7", "--exit-zero", "a.py", "nope.py").code == 3


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        ([], "no target: give --target"),
        (["--target", "3.99"], "unknown target '3.99': known are 3.0–3.15"),
        (["--target", "python3"], "unknown target 'python3'"),
        (["--target", ">=3.9,<3.8"], "holds no Python version"),
        (["--target", "3.9-3.8"], "holds no Python version"),
        (["--target", "3.7", "--select", "asignment-expression"], "did you mean 'assignment-expression'?"),
        (["--target", "3.7", "--ignore", "sintax"], "did you mean 'syntax'?"),
        (["--target", "3.7", "--fail-on", "fatal"], "fail-on cannot be 'fatal'"),
        (["--target", "3.7", "--checks", "code,cod"], "cannot be 'cod'"),
        (["--target", "3.7", "--format", "jsn"], "did you mean 'json'?"),
        (["--target", "3.7", "--jobs", "many"], "jobs must be a whole number"),
        (["--target", "3.7", "--jobs", "0"], "jobs must be at least 1"),
        (["--target", "3.7", "--output", "no/such/folder/r.json"], "there is no folder 'no/such/folder'"),
        (["--target", "3.7", "--output", "."], "is a folder"),
        (["--target", "3.7", "--config", "none.toml"], "none.toml"),
        (["--target", "3.7", "--config", "x", "--isolated"], "contradict"),
        (["--target", "3.7", "--stdin-filename", "b.py"], "goes with the path -"),
        (["--target", "3.7", "-", "b.py"], "goes without other paths"),
        (["--target", "3.7", "--color", "blue"], "invalid choice: 'blue'"),
        (["--tagret", "3.7"], "did you mean '--target'?"),
        (["--target"], "expected one argument"),
    ],
)
def test_mistakes_are_explained_and_give_2(argv: list[str], told: str, call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    outcome = call(*argv)
    assert outcome.code == 2
    assert told in outcome.err
    assert outcome.out == ""
    assert all(line.startswith("compatcheck: ") for line in outcome.err.splitlines())


def test_all_mistakes_are_told_at_once(call: Call, folder: Path) -> None:
    argv = ["--format=jsn", "--output=no/r", "--target=3.99", "--target=4", "--select=foo", "--ignore=bar"]
    outcome = call(*argv)
    for told in ("jsn", "'no'", "'3.99'", "'4'", "'foo'", "'bar'"):
        assert told in outcome.err
    assert len(outcome.err.splitlines()) == 6


def test_wrong_settings_files_give_2(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "compatcheck.toml").write_text('tarket = "3.7"\nfail-on = "fatal"\n')
    outcome = call("a.py")
    assert outcome.code == 2
    assert "compatcheck.toml:1: unknown key 'tarket': did you mean 'target'?" in outcome.err
    assert "compatcheck.toml:2: fail-on cannot be 'fatal'" in outcome.err
    assert call("--isolated", "--target", "3.7", "a.py").code == 1


def test_json_keeps_the_schema_and_the_exit_code(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "b.py").write_text("(m := 1)  # compatcheck: ignore[syntax] later\n")
    outcome = call("--target", "3.7,3.8", "--format", "json", ".", "nope.py")
    data = json.loads(outcome.out)
    SCHEMA.validate(data)
    assert outcome.code == 3
    assert [(one["path"], one["fails_on"]) for one in data["findings"]] == [("a.py", ["3.7"])]
    assert [(one["path"], one["by"]) for one in data["suppressed"]] == [
        ("b.py", "# compatcheck: ignore[syntax] later (line 1)")
    ]
    assert [one["path"] for one in data["unreadable"]] == ["nope.py"]
    assert data["run"]["targets"] == ["3.7", "3.8"]
    assert data["summary"]["by_runtime"]["3.8"] == {"errors": 0, "warnings": 0, "compatible": True}


def test_output_goes_to_a_file(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "r.json").write_text("old")
    outcome = call("--target", "3.7", "--format", "json", "--output", "r.json", "a.py")
    assert (outcome.code, outcome.out) == (1, "")
    SCHEMA.validate(json.loads((folder / "r.json").read_text()))
    assert [path.name for path in folder.glob(".r.json*")] == []


def test_output_that_cannot_be_written_is_a_mistake(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(outputs, "write", refuse)
    outcome = call("--target", "3.7", "--output", "r.txt", ".")
    assert outcome.code == 2
    assert "'r.txt' cannot be written: Permission denied" in outcome.err


def test_colour_on_request_only(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text(WALRUS)
    argv = ["--target", "3.7", "a.py"]
    assert "\x1b" not in call(*argv).out  # not a terminal
    assert "\x1b[" in call("--color", "always", *argv).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in call(*argv).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in call(*argv).out
    assert "\x1b" not in call("--color=never", *argv).out
    assert "\x1b[" in call("--color", "always", *argv).out
    call("--color", "always", "--output", "r.txt", *argv)
    assert "\x1b" not in (folder / "r.txt").read_text()


def test_quiet_verbose_statistics(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    argv = ["--target", "3.7", "a.py"]
    assert "1 error in" not in call("-q", *argv).out
    assert "works on: >=3.8" in call("-v", *argv).out
    assert call("--statistics", *argv).out.startswith("      1  error    assignment-expression\n")


def test_all_versions_say_where_it_runs(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    assert "Runs on 3.8–3.15." in call("--target", "3.7", "--all-versions", "a.py").out


def test_show_settings_and_files(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text("")
    (folder / "b.pyi").write_text("")
    (folder / "c.py").write_text("")
    (folder / "compatcheck.toml").write_text('target = "3.7"\nfail-on = "warning"\n')
    assert call("--show-files", "--exclude", "c.py").out == "a.py\n"
    assert call("--show-files", "--stubs", "--extend-exclude", "c.py").out == "a.py\nb.pyi\n"
    outcome = call("--show-settings", "--ignore", "syntax")
    assert outcome.code == 0
    assert 'fail-on = "warning"  # compatcheck.toml:2' in outcome.out
    assert 'ignore = ["syntax"]  # --ignore' in outcome.out
    outcome = call("--show-files", "a.py", "nope.py")
    assert (outcome.code, outcome.out) == (3, "a.py\n")
    assert "nope.py" in outcome.err


def test_config_and_environment(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "strict.toml").write_text('target = "3.7"\n')
    assert call("--config", "strict.toml", "a.py").code == 1
    monkeypatch.setenv("COMPATCHECK_TARGET", "3.8")
    assert call("a.py").code == 0
    assert call("--target", "3.7", "a.py").code == 1


def test_per_file_ignores(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "compatcheck.toml").write_text('target = "3.7"\n[per-file-ignores]\n"a.py" = ["syntax"]\n')
    assert call("a.py").code == 0
    (folder / "a.py").rename(folder / "b.py")
    assert call("b.py").code == 1


def test_standard_input(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stdin(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    stdin(WALRUS.encode())
    outcome = call("--target", "3.7", "-")
    assert (outcome.code, outcome.out.splitlines()[0]) == (1, "<stdin>")
    (folder / "compatcheck.toml").write_text('target = "3.7"\nexclude = ["gen/"]\n')
    stdin(b"\xef\xbb\xbf# coding: utf-8\r\n(n := 1)\r\n")
    outcome = call("--stdin-filename", "src/a.py", "-")
    assert (outcome.code, outcome.out.splitlines()[0]) == (1, "src/a.py")
    stdin(WALRUS.encode())
    assert call("--stdin-filename", "gen/a.py", "--force-exclude", "-").code == 0
    assert call("--stdin-filename", "gen/a.py", "--isolated", "-").code == 2


def test_paths_are_shown_as_seen_from_here(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "pyproject.toml").write_text('[project]\nrequires-python = ">=3.7"\n')
    (folder / "src").mkdir()
    (folder / "src" / "a.py").write_text(WALRUS)
    monkeypatch.chdir(folder / "src")
    assert call(".").out.startswith("a.py\n")
    assert json.loads(call("--format", "json", ".").out)["findings"][0]["path"] == "src/a.py"


def test_a_hostile_name_and_line_stay_on_their_line(call: Call, folder: Path) -> None:
    name = "a\x1b]0;x\x07\n\u202e.py"
    (folder / name).write_text("(n := '\x1b[2J\x9b')\n")
    outcome = call("--target", "3.7", ".")
    assert outcome.code == 1
    assert all(line.isprintable() for line in outcome.out.splitlines())
    assert "a\\x1b]0;x\\x07\\x0a\\u202e.py" in outcome.out


def test_output_that_the_encoding_cannot_say(folder: Path) -> None:
    (folder / "é.py").write_text("(日本 := 1)\n")
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "compatcheck", "--target", "3.7", "."]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.isascii()


def test_an_interrupt_ends_it_with_130(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(check_command, "run", interrupt)
    outcome = call()
    assert (outcome.code, outcome.err) == (130, "compatcheck: interrupted\n")


def test_an_internal_error_is_one_line_that_names_the_file(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> int:
        error = KeyError("a\nb")
        error.checking = "src/a\x1b.py"  # type: ignore[attr-defined]
        raise error

    monkeypatch.setattr(check_command, "run", fail)
    outcome = call()
    assert (outcome.code, outcome.out) == (99, "")
    assert len(outcome.err.splitlines()) == 1
    assert "internal error while checking src/a\\x1b.py: KeyError" in outcome.err
    assert "please report this" in outcome.err
    monkeypatch.setenv("COMPATCHECK_TRACEBACK", "1")
    with pytest.raises(KeyError):
        call()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    for number in range(4):
        (folder / f"a{number}.py").write_text(WALRUS * 200)
    command = [sys.executable, "-m", "compatcheck", "--target", "3.7", "--jobs", "1", "."]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.read(10)
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), told) == (1, b"")


def test_the_api_gives_the_same_report(call: Call, folder: Path) -> None:
    import compatcheck
    from compatcheck.report.as_json import from_json

    (folder / "a.py").write_text(WALRUS)
    report: Report = compatcheck.check_paths(["a.py"], ["3.7"])
    assert from_json(call("--target=3.7", "--format=json", "a.py").out).findings == report.findings
