"""Several formats at once, where each goes, and what GitHub's job summary gets."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import WALRUS, Call


def test_each_format_goes_to_its_file_and_text_to_standard_output(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    done = call("--target", "3.7", "--format", "sarif:out.sarif", "--format", "json:report.json", ".")
    assert done.code == 1
    assert "1 error in 1 of 1 file" in done.out
    assert json.loads((folder / "out.sarif").read_text())["version"] == "2.1.0"
    assert json.loads((folder / "report.json").read_text())["summary"]["findings"] == 1


def test_one_format_may_be_for_standard_output(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    done = call("--target", "3.7", "--format", "concise", "--format", "junit:j.xml", ".")
    assert done.out.startswith("a.py:1:5: error: ")
    assert (folder / "j.xml").read_text().startswith("<?xml")


def test_output_takes_the_place_of_standard_output(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    done = call("--target", "3.7", "--format", "json:r.json", "--format", "concise", "--output", "lines.txt", ".")
    assert done.out == ""
    assert (folder / "lines.txt").read_text().startswith("a.py:1:5: error: ")
    assert (folder / "r.json").is_file()


def test_all_mistakes_about_formats_are_told_at_once(call: Call, folder: Path) -> None:
    argv = ("--format", "sarfi:x", "--format", "json", "--format", "text", "--format", "html:no/where.html")
    done = call("--target", "3.7", *argv, "--format", "junit:", ".")
    assert done.code == 2
    for said in (
        "did you mean 'sarif'?",
        "one format goes to standard output",
        "there is no folder 'no'",
        "names no file",
    ):
        assert said in done.err


def test_the_job_summary_is_appended(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.py").write_text(WALRUS)
    (folder / "summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    call("--target", "3.7", ".")
    assert (folder / "summary.md").read_text() == "before\n"
    done = call("--target", "3.7", "--format", "github", ".")
    assert done.out.startswith("::error ")
    text = (folder / "summary.md").read_text()
    assert text.startswith("before\n## ❌ compatcheck: fails on 3.7\n")
    assert "| `a.py:1` | error | 3.7 |" in text


def test_a_full_job_summary_is_left_alone(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "summary.md").write_text("x" * (1 << 20))
    (folder / "a.py").write_text(WALRUS)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary.md"))
    done = call("--target", "3.7", "--format", "github", "a.py")
    assert "summary is full" in done.err
    assert (folder / "summary.md").stat().st_size == 1 << 20


def test_two_forms_in_one_file_are_a_mistake(call: Call, folder: Path) -> None:
    done = call("--target", "3.7", "--format", "json:x", "--format", "sarif:./x", ".")
    assert done.code == 2
    assert "two forms go to" in done.err


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_services_get_paths_from_the_top_of_the_repository(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "pyproject.toml").write_text("[tool.compatcheck]\n")
    (folder / "sub" / "a.py").write_text(WALRUS)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, str(folder))
    os.chdir(folder / "sub")
    assert "file=sub/a.py" in call("--target", "3.7", "--format", "github", ".").out
    assert json.loads(call("--target", "3.7", "--format", "gitlab", ".").out)[0]["location"]["path"] == "sub/a.py"
