"""compatcheck as users get it: installed from the checkout, and as a pre-commit hook. Slow: they install packages.

They run when asked for (`COMPATCHECK_SLOW=1`) and in CI; elsewhere they skip, visibly.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from compatcheck.rulebook.catalog import rule_ids

ROOT = Path(__file__).parents[2]
SLOW = os.environ.get("COMPATCHECK_SLOW") or os.environ.get("CI") == "true"

pytestmark = pytest.mark.skipif(not SLOW, reason="slow: installs packages; set COMPATCHECK_SLOW=1")


def run(*argv: str | Path, cwd: Path, code: int = 0, **env: str) -> str:
    done = subprocess.run(
        [str(word) for word in argv],
        cwd=cwd,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that git would commit, as a repository of their own."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    target = tmp_path / "checkout"
    listed = run("git", "ls-files", "-co", "--exclude-standard", "-z", cwd=ROOT).split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    commit_all(target)
    return target


def commit_all(folder: Path) -> None:
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "-A", cwd=folder)
    run("git", "-c", "user.name=n", "-c", "user.email=n@example.com", "commit", "-qm", "all", cwd=folder)


def test_the_readmes_first_commands_from_a_clean_environment(checkout: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    run(binaries / "python", "-m", "pip", "install", "-q", ".", cwd=checkout)
    shown = run(binaries / "compatcheck", "--target", "3.7", "fixtures/shop", cwd=checkout, code=1)
    assert shown in (ROOT / "README.md").read_text("utf-8")
    rules = run(binaries / "compatcheck", "rules", cwd=tmp_path)
    listed = {line.split()[0] for line in rules.split("\n\n")[0].splitlines()}
    assert listed == rule_ids(checkout / "rules")


def test_the_pre_commit_hook(checkout: Path, tmp_path: Path) -> None:
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed")
    project = tmp_path / "project"
    project.mkdir()
    (project / "good.py").write_text("x = 1\n")
    (project / "--output=good.py").write_text("x = 1\n")  # a name that must not be read as an option
    (project / "compatcheck.toml").write_text('target = "3.7"\nexclude = ["gen/"]\n')
    (project / "gen").mkdir()
    (project / "gen" / "a.py").write_text("(n := 1)\n")
    commit_all(project)
    hook = [sys.executable, "-m", "pre_commit", "try-repo", checkout, "compatcheck", "--all-files"]
    home = str(tmp_path / "pre-commit")
    assert "Passed" in run(*hook, cwd=project, PRE_COMMIT_HOME=home)
    assert (project / "good.py").read_text() == "x = 1\n"
    (project / "bad.py").write_text("(n := 1)\n")
    run("git", "add", "bad.py", cwd=project)
    shown = run(*hook, cwd=project, code=1, PRE_COMMIT_HOME=home)
    assert "bad.py\n  1:2    error: " in shown
    assert "gen/" not in shown
