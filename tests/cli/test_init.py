"""`compatcheck init`: what it writes works, and nothing that was there is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Call

HOOKS = "repos:\n  - repo: https://example.com/x\n    rev: v1\n    hooks: [{id: x}]\n"


def test_a_new_project(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text("(n := 1)\n")
    (folder / ".github").mkdir()
    (folder / ".gitlab-ci.yml").write_text("test: {script: [make]}")
    done = call("init", "--dry-run")
    assert (done.code, '+target = "3.8+"\n' in done.out) == (0, True)
    assert sorted(path.name for path in folder.iterdir()) == [".github", ".gitlab-ci.yml", "a.py"]
    assert call("init", "--yes").code == 0
    assert (folder / "compatcheck.toml").read_text() == 'target = "3.8+"\n'
    jobs = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())
    assert (list(jobs), jobs["test"]) == (["test", "compatcheck"], {"script": ["make"]})
    assert (
        yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"][0]["id"] == "compatcheck"
    )
    assert "compatcheck" in yaml.safe_load((folder / ".github/workflows/compatcheck.yml").read_text())["jobs"]
    assert call("check").code == 0  # the settings are right
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    again = call("init", "--yes")
    assert (again.out, again.err.count(" stays: ")) == ("", 4)
    assert {path: path.read_bytes() for path in before} == before


def test_what_the_project_says_is_the_target(call: Call, folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.9"')
    (folder / ".pre-commit-config.yaml").write_text(HOOKS)
    assert call("init", "--yes").code == 0
    assert (folder / "pyproject.toml").read_text().endswith('">=3.9"\n\n[tool.compatcheck]\ntarget = ">=3.9"\n')
    assert (folder / ".pre-commit-config.yaml").read_text().startswith(HOOKS)
    assert len(yaml.safe_load((folder / ".pre-commit-config.yaml").read_text())["repos"]) == 2


def test_a_file_that_has_no_place_stays(call: Call, folder: Path) -> None:
    (folder / ".pre-commit-config.yaml").write_text(HOOKS + "fail_fast: true\n")
    done = call("init", "--yes", "--target", "3.9+")
    assert ".pre-commit-config.yaml stays: no place" in done.err
    assert (folder / ".pre-commit-config.yaml").read_text() == HOOKS + "fail_fast: true\n"


@pytest.mark.parametrize("answer", ["y\n", "n\n", ""])
def test_it_asks(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    import io

    assert call("init").code == 2  # nobody is there
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdin", terminal)
    done = call("init", "--target", "3.9+")
    assert "Write compatcheck.toml? [y/N] " in done.out
    assert (folder / "compatcheck.toml").exists() is (answer == "y\n")
    assert not (folder / ".pre-commit-config.yaml").exists()


def test_mistakes(call: Call, folder: Path) -> None:
    assert "there is no folder" in call("init", "none", "--yes").err
    done = call("init", "--yes", "--target", "nonsense")
    assert (done.code, "nonsense" in done.err) == (2, True)
    assert list(folder.iterdir()) == []
