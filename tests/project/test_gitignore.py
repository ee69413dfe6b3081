"""Ignore files, with git itself and ruff as the judges."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.project import File
from tests.project.conftest import Site
from tests.project.trees import git, listed_by_git, make_tree

_EVERYTHING = {"include": ["*"], "exclude": [".git/"]}


def needed(program: str) -> str:
    """Where a program is. Without it a test is skipped, but never in CI."""
    found = shutil.which(program, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    return found


@pytest.fixture
def repository(site: Site) -> Site:
    needed("git")
    git(site.top, Path(site.environ["HOME"]), "init", "-q")
    return site


def _found(site: Site, **options: object) -> set[str]:
    found = site.found(**options)
    return {os.path.relpath(item.location, site.top) for item in found if isinstance(item, File)}


@pytest.mark.parametrize("seed", range(40))
def test_random_trees_are_read_as_git_reads_them(repository: Site, seed: int) -> None:
    make_tree(random.Random(seed), repository.top)
    assert _found(repository, **_EVERYTHING) == listed_by_git(repository.top, Path(repository.environ["HOME"]))


@pytest.mark.parametrize("seed", range(10))
def test_random_trees_are_read_as_ruff_reads_them(repository: Site, seed: int) -> None:
    """ruff knows `.ignore` files, too."""
    rng = random.Random(seed)
    make_tree(rng, repository.top)
    for ignore in list(repository.top.rglob(".gitignore")):
        if rng.random() < 0.5:
            ignore.with_name(".ignore").write_text(rng.choice(["!*.py\n", "a/\n", "*.py\n", "!a\n", "/b.py\n"]))
    (repository.top / ".git" / "info" / "exclude").write_text(rng.choice(["", "foo.py\n", "a/b.py\n"]))
    words = [
        needed("ruff"),
        "check",
        "--show-files",
        "--isolated",
        "--no-cache",
        "--exclude",
        ".git",
        str(repository.top),
    ]
    listed = subprocess.run(words, env=repository.environ, capture_output=True, check=True).stdout
    expected = {os.path.relpath(os.fsdecode(line), repository.top) for line in listed.split(b"\n") if line}
    assert _found(repository, include=["*.py", "*.pyi"], exclude=[".git/"]) == expected


@pytest.mark.parametrize(
    ("config", "key"), [(".gitconfig", "~/mine"), (".config/git/config", "{home}/mine"), ("repository", "{home}/mine")]
)
def test_global_excludes(repository: Site, config: str, key: str) -> None:
    home = Path(repository.environ["HOME"])
    place = repository.top / ".git" / "config" if config == "repository" else home / config
    place.parent.mkdir(parents=True, exist_ok=True)
    text = (
        '[other "x"]\n\texcludesFile = no\n[Core]\n\teditor = vi\n\texcludesfile = "'
        + key.format(home=home)
        + '" ; mine\n'
    )
    with place.open("a") as file:
        file.write(text)
    (home / "mine").write_text("a.py\n/sub/b.py\n")
    repository.write({"a.py": "", "b.py": "", "sub/a.py": "", "sub/b.py": ""})
    assert _found(repository) == {"b.py"} == listed_by_git(repository.top, home)


def test_the_default_place_of_global_excludes(repository: Site) -> None:
    home = Path(repository.environ["HOME"])
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "ignore").write_text("a.py\n")
    repository.write({"a.py": "", "b.py": ""})
    assert _found(repository) == {"b.py"} == listed_by_git(repository.top, home)


@pytest.mark.parametrize(
    "lines",
    [
        "**/*/**",
        "**/a*/**/",
        "a/**/",
        "a/**\n!a/b/",
        "a*\n!/**/",
        "*\n!*/\n!*.py",
        "/*\n!/a\n/a/*\n!/a/b",
        "x[[:digit:][:space:]]\n[[:upper:]]",
        "a/b\n!b/\nb",
    ],
)
def test_patterns_that_are_easy_to_get_wrong(repository: Site, lines: str) -> None:
    repository.write(dict.fromkeys(["x", "x1", "x a", "a/x.py", "a/b/x", "a/b/c/x.py", "ab/b", "B/x", "é/x"], ""))
    repository.write({".gitignore": lines})
    assert _found(repository, **_EVERYTHING) == listed_by_git(repository.top, Path(repository.environ["HOME"]))


def test_a_byte_order_mark_and_no_last_newline(repository: Site) -> None:
    repository.write({"a.py": "", "b.py": "", ".gitignore": "\ufeffa.py\nb.py"})
    assert _found(repository) == set()


def test_outside_of_repositories(site: Site) -> None:
    site.write({".gitignore": "a.py\n", "a.py": "", "sub/.ignore": "!a.py\n", "sub/a.py": "", "pyproject.toml": ""})
    assert site.files() == ["sub/a.py"]
    assert site.files("sub") == ["sub/a.py"]
    assert site.files(respect_gitignore=False) == ["a.py", "sub/a.py"]


def test_a_repository_in_a_repository_stands_for_itself(repository: Site) -> None:
    repository.write({".gitignore": "a.py\n", "a.py": "", "inner/a.py": "", "inner/b.py": ""})
    git(repository.top / "inner", Path(repository.environ["HOME"]), "init", "-q")
    (repository.top / "inner" / ".git" / "info" / "exclude").write_text("b.py\n")
    assert repository.files() == ["inner/a.py"]


def test_a_linked_work_tree_has_the_excludes_of_its_repository(repository: Site) -> None:
    home = Path(repository.environ["HOME"])
    git(repository.top, home, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x")
    git(repository.top, home, "worktree", "add", "-q", "../tree")
    (repository.top / ".git" / "info" / "exclude").write_text("a.py\n")
    tree = Site(repository.top.parent / "tree", repository.environ)
    tree.write({"a.py": "", "b.py": ""})
    assert tree.files() == ["b.py"]
    assert listed_by_git(tree.top, home) == {"b.py"}


def test_ignore_files_above_hold_where_the_walk_starts_below(repository: Site) -> None:
    repository.write({".gitignore": "/sub/deep/a.py\nb.py\n", "sub/.gitignore": "!b.py\nc.py\n"})
    repository.write(dict.fromkeys([f"sub/deep/{name}.py" for name in "abcd"], ""))
    assert repository.files("sub/deep") == ["sub/deep/b.py", "sub/deep/d.py"]
