"""Only what a change brings, in real git repositories; git is read, and starts nothing of theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import Call

if shutil.which("git") is None:
    pytest.skip("git is not installed", allow_module_level=True)

WALRUS = "(n := 1)\n"
NAMES = ("-c", "user.name=n", "-c", "user.email=n@example.com", "-c", "init.defaultBranch=main")


def git(folder: Path, *argv: str) -> str:
    done = subprocess.run(["git", *NAMES, *argv], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x", "--no-verify")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(folder: Path) -> Path:
    """Two files with a finding each, committed."""
    git(folder, "init", "-q")
    (folder / "a.py").write_text(f"x = 1\n{WALRUS}y = 2\n")
    (folder / "b.py").write_text(WALRUS)
    (folder / "compatcheck.toml").write_text('target = "3.7"\n')
    commit(folder)
    return folder


def lines(call: Call, *argv: str, base: str = "HEAD") -> list[str]:
    """`path:line` of what is reported."""
    done = call("--diff-base", base, "--no-cache", "--format", "concise", *argv)
    assert done.err == ""
    return [":".join(line.split(":")[:2]) for line in done.out.splitlines()]


def test_nothing_changed(call: Call, repository: Path) -> None:
    assert lines(call, ".") == []
    done = call("--diff-base", "HEAD", ".")
    assert (done.code, done.out) == (0, "All checks passed: 2 files on 3.7, 2 findings not changed.\n")


def test_changed_lines_count_and_moved_ones_do_not(call: Call, repository: Path) -> None:
    (repository / "a.py").write_text(f"import os\n\n\nx = 1\n{WALRUS}y = 2\n(new := 3)\n{WALRUS}")
    assert lines(call, ".") == ["a.py:7", "a.py:8"]
    assert lines(call, "a.py") == ["a.py:7", "a.py:8"]


def test_committed_changes_and_those_of_the_work_tree(call: Call, repository: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    (repository / "c.py").write_text(WALRUS)
    commit(repository)
    (repository / "d.py").write_text(WALRUS)  # not even added
    assert lines(call, ".", base=first) == ["c.py:1", "d.py:1"]
    assert lines(call, ".") == ["d.py:1"]


def test_the_other_branch_is_compared_where_this_one_left_it(call: Call, repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "work")
    (repository / "c.py").write_text(WALRUS)
    commit(repository)
    git(repository, "checkout", "-q", "main")
    (repository / "a.py").write_text("x = 1\n")
    commit(repository)
    git(repository, "checkout", "-q", "work")
    assert lines(call, ".", base="main") == ["c.py:1"]


def test_what_a_change_breaks_elsewhere_counts(call: Call, repository: Path) -> None:
    """The finding's own line is as it was: its guard, in another module, is not."""
    (repository / "flags.py").write_text("import sys\nNEW = sys.version_info >= (3, 9)\n")
    (repository / "use.py").write_text("import math\nfrom flags import NEW\nif NEW:\n    math.lcm(1)\n")
    commit(repository)
    assert lines(call, ".") == []
    (repository / "flags.py").write_text("import sys\nNEW = sys.version_info >= (3, 7)\n")
    assert lines(call, ".") == ["use.py:4"]


def test_a_lower_target_breaks_everything_anew(call: Call, repository: Path) -> None:
    (repository / "m.py").write_text("match x:\n    case 1: pass\n")
    (repository / "compatcheck.toml").write_text('target = "3.8"\n')
    commit(repository)
    (repository / "compatcheck.toml").write_text('target = "3.7-3.8"\n')
    assert lines(call, ".") == ["a.py:2", "b.py:1", "m.py:1"]


def test_a_file_with_another_name_is_not_new(call: Call, repository: Path) -> None:
    (repository / "pkg").mkdir()
    (repository / "a.py").rename(repository / "pkg" / "named.py")
    assert lines(call, ".") == []
    with (repository / "pkg" / "named.py").open("a") as file:
        file.write("(z := 1)\n")
    assert lines(call, ".") == ["pkg/named.py:4"]


def test_a_comment_that_goes_brings_its_finding_back(call: Call, repository: Path) -> None:
    (repository / "b.py").write_text(f"# compatcheck: ignore-file[syntax] why\nx = 1\n{WALRUS}")
    commit(repository)
    (repository / "b.py").write_text(f"x = 1\n{WALRUS}")
    assert lines(call, ".") == ["b.py:2"]


def test_a_project_in_a_folder_of_the_repository(call: Call, repository: Path) -> None:
    (repository / "sub").mkdir()
    (repository / "sub" / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = ">=3.7"\n')
    (repository / "sub" / "s.py").write_text(WALRUS)
    commit(repository)
    os.chdir(repository / "sub")
    assert lines(call, ".") == []
    (repository / "sub" / "s.py").write_text(f"{WALRUS}(p := 1)\n")
    assert [line.rpartition("/")[2] for line in lines(call, ".")] == ["s.py:2"]


def test_line_ends_alone_are_no_change(call: Call, repository: Path) -> None:
    (repository / "b.py").write_bytes(WALRUS.replace("\n", "\r\n").encode())
    assert lines(call, ".") == []


def test_the_report_says_so(call: Call, repository: Path) -> None:
    data = json.loads(call("--diff-base", "HEAD", "--format", "json", ".").out)
    assert data["run"]["diff_base"] == "HEAD"
    assert [one["how"] for one in data["suppressed"]] == ["unchanged", "unchanged"]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD:a.py", ""])
def test_a_revision_that_is_none_is_a_mistake(call: Call, repository: Path, revision: str) -> None:
    done = call(f"--diff-base={revision}", ".")
    assert (done.code, done.out) == (2, "")
    assert "there is no revision" in done.err
    assert not (repository / "x").exists()


def test_without_a_repository_it_is_a_mistake(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text(WALRUS)
    done = call("--target", "3.7", "--diff-base", "HEAD", ".")
    assert done.code == 2
    assert "in no git repository" in done.err


def test_nothing_of_the_repository_is_started(call: Call, repository: Path) -> None:
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\ncat\n")
    trap.chmod(0o755)
    for name in (
        "core.fsmonitor",
        "filter.t.clean",
        "filter.t.smudge",
        "diff.t.command",
        "diff.t.textconv",
        "core.pager",
    ):
        git(repository, "config", name, str(trap))
    for name in ("post-checkout", "post-index-change", "reference-transaction"):
        shutil.copy(trap, repository / ".git" / "hooks" / name)
    (repository / ".gitattributes").write_text("*.py filter=t diff=t\n")
    (repository / "b.py").write_text(f"{WALRUS}(o := 1)\n")
    assert lines(call, ".") == ["b.py:2"]
    assert not (repository / "sprung").exists()
