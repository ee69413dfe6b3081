"""What a run's paths are relative to."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project.conftest import Site


@pytest.mark.parametrize(
    ("files", "paths", "cwd", "root"),
    [
        ([".git/HEAD", "pkg/pyproject.toml", "pkg/a.py"], ["pkg/a.py"], ".", "."),  # the work tree goes first
        (["pyproject.toml", "pkg/a.py"], ["."], "pkg", "."),
        (["pyproject.toml", "pkg/pyproject.toml", "pkg/a.py"], ["pkg"], ".", "pkg"),
        (["compatcheck.toml", "pkg/pyproject.toml", "pkg/a.py"], ["pkg"], ".", "."),  # settings that hold for pkg
        (["x/compatcheck.toml", "x/a.py", "y/b.py"], ["x/a.py", "y/b.py"], ".", "."),  # the folder of both
        (["x/a.py"], ["x/a.py"], ".", "."),  # the working directory
        (["x/a.py", "y/b.py"], ["../x/a.py"], "y", "x"),  # nothing: the folder itself
    ],
)
def test_root(site: Site, files: list[str], paths: list[str], cwd: str, root: str) -> None:
    site.write(dict.fromkeys(files, ""))
    if cwd != ".":
        (site.top / cwd).mkdir(exist_ok=True)
    assert Path(site.open(*paths, cwd=cwd).root) == (site.top / root).resolve()


def test_a_linked_work_tree_is_a_root(site: Site) -> None:
    site.write({".git/HEAD": "", "tree/.git": "gitdir: ../.git/worktrees/tree\n", "tree/sub/a.py": ""})
    assert Path(site.open("tree/sub").root) == site.top / "tree"


def test_paths_with_dots_and_links_in_them(site: Site) -> None:
    site.write({"pyproject.toml": "", "a/b/c.py": "", "d.py": ""})
    (site.top / "link").symlink_to("a/b", target_is_directory=True)
    assert site.files("a/../d.py", "./a/b/", "link/c.py", "link/../../d.py") == ["d.py", "a/b/c.py"]


def test_a_folder_reached_through_a_link_has_its_real_name(site: Site) -> None:
    site.write({"pyproject.toml": "", "a/b/c.py": ""})
    (site.top / "link").symlink_to("a/b", target_is_directory=True)
    assert site.files("link") == ["a/b/c.py"]


def test_the_root_can_be_given(site: Site) -> None:
    site.write({"pyproject.toml": "", "a/b/c.py": "", "e.py": ""})
    assert site.files("a", root="a/b") == ["c.py"]
    assert site.files("e.py", root="a/b") == ["../../e.py"]
