"""Which files a run checks."""

from __future__ import annotations

import pytest

from compatcheck.project import File
from tests.project.conftest import Site


def test_modules_windows_modules_and_scripts(site: Site) -> None:
    site.write(
        {
            "b.py": "",
            "a.pyw": "",
            "c.pyi": "",
            "d.ipynb": "",
            "e.pyc": "",
            "f.txt": "#!/usr/bin/python\n",
            "script": "#!/usr/bin/env python3\n",
            "pkg/z.py": "",
            "README": "python\n",
        }
    )
    assert site.files() == ["a.pyw", "b.py", "script", "pkg/z.py"]


@pytest.mark.parametrize(
    ("line", "python"),
    [
        ("#!/usr/bin/python", True),
        ("#!/usr/bin/python3.11 -u", True),
        ("#! /usr/local/bin/pypy3", True),
        ("#!/usr/bin/env -S python3 -I", True),
        ("#!/usr/bin/env PYTHONPATH=x python", True),
        ("#!/usr/bin/env -S uv run --script", True),
        ("#!/bin/sh", False),
        ("#!/opt/python/bin/bash", False),
        ("#!/usr/bin/env python-config", False),
        ("#!", False),
        (" #!/usr/bin/python", False),
        ("", False),
    ],
)
def test_shebangs(site: Site, line: str, python: bool) -> None:
    site.write({"script": line + "\nx = 1\n"})
    assert site.files() == ["script"] * python


def test_stubs_and_notebooks_by_setting(site: Site) -> None:
    site.write({"a.py": "", "a.pyi": "", "n.ipynb": "", "sub/compatcheck.toml": "stubs = true", "sub/b.pyi": ""})
    found = site.found(stubs=True, notebooks=True)
    assert {item.path: item.kind for item in found if isinstance(item, File)} == {
        "a.py": "module",
        "a.pyi": "stub",
        "n.ipynb": "notebook",
        "sub/b.pyi": "stub",
    }
    assert site.files() == ["a.py", "sub/b.pyi"]


def test_include_and_extend_include(site: Site) -> None:
    site.write({"a.py": "", "wscript": "", "cgi/x.cgi": "", "b.cgi": "", "tool": "#!/usr/bin/python\n"})
    assert site.files(extend_include=["wscript", "cgi/*.cgi"]) == ["a.py", "tool", "wscript", "cgi/x.cgi"]
    assert site.files(include=["*.cgi"]) == ["b.cgi", "cgi/x.cgi"]
    assert site.files(include=["cgi/*", "*.py"]) == ["a.py", "cgi/x.cgi"]


def test_default_excludes(site: Site) -> None:
    out = [".git", ".hg", ".tox", ".nox", "build", "dist", "node_modules", "__pycache__", "site-packages", "x.egg-info"]
    site.write({f"{name}/a.py": "" for name in out} | {"my/.venv/a.py": "", "src/build.py": "", "src/builds/a.py": ""})
    site.write({"env3/pyvenv.cfg": "", "env3/lib/a.py": "", "conda/conda-meta/history": "", "conda/a.py": ""})
    site.write({"tools/build": "#!/usr/bin/env python\n"})
    assert site.files() == ["src/build.py", "src/builds/a.py", "tools/build"]


def test_what_is_named_is_checked_unless_forced_out(site: Site) -> None:
    site.write({"build/a.py": "", "build/deep/b.py": "", "c.txt": "", ".gitignore": "build/\nc.txt\n", "d.py": ""})
    assert site.files("build", "c.txt") == ["build/a.py", "build/deep/b.py", "c.txt"]
    assert site.files("build/deep/b.py", "c.txt", "d.py", force_exclude=True) == ["c.txt", "d.py"]
    assert site.files("build/deep", force_exclude=True) == []
    assert site.files("c.txt", "d.py", force_exclude=True, extend_exclude=["*.txt"]) == ["d.py"]


def test_exclude_patterns(site: Site) -> None:
    names = ["a.py", "gen/b.py", "gen/keep/c.py", "x/gen/d.py", "x/e_pb2.py", "dist/f.py"]
    site.write(dict.fromkeys(names, ""))
    assert site.files(extend_exclude=["gen"]) == ["a.py", "x/e_pb2.py"]
    assert site.files(extend_exclude=["/gen/*", "!/gen/keep/", "*_pb2.py"]) == ["a.py", "gen/keep/c.py", "x/gen/d.py"]
    assert site.files(exclude=["gen/"]) == ["a.py", "dist/f.py", "x/e_pb2.py"]


def test_patterns_of_a_nested_file_are_relative_to_it(site: Site) -> None:
    names = ["gen/a.py", "s[u]b/gen/b.py", "s[u]b/x/gen/c.py", "sub/gen/d.py"]
    site.write(dict.fromkeys(names, "") | {"s[u]b/compatcheck.toml": 'extend-exclude = ["/gen/"]'})
    assert site.files() == ["gen/a.py", "s[u]b/x/gen/c.py", "sub/gen/d.py"]


def test_each_file_once_in_a_fixed_order(site: Site) -> None:
    site.write(dict.fromkeys(["b/x.py", "b/a/y.py", "a.py", "c.py"], ""))
    assert site.files("c.py", ".", "b", "b/x.py", "./c.py") == ["c.py", "a.py", "b/x.py", "b/a/y.py"]


def test_standard_input_takes_the_place_of_a_file(site: Site) -> None:
    site.write({"pyproject.toml": "", "gen/x.py": "", "stubs/a.pyi": ""})
    project = site.open(force_exclude=True, extend_exclude=["gen/"])
    source = project.stdin_source(b"x", "stubs/a.pyi")
    assert source is not None and (source.path, source.data, source.kind) == ("stubs/a.pyi", b"x", "stub")
    assert project.stdin_source(b"x", "gen/x.py") is None
    unnamed = project.stdin_source(b"x", None)
    assert unnamed is not None and unnamed.path == "<stdin>"


def test_settings_of_standard_input_are_those_of_the_file(site: Site) -> None:
    site.write({"pyproject.toml": "", "sub/compatcheck.toml": 'target = "3.6"', "sub/deep/x": ""})
    project = site.open("a.py", cwd="sub/deep", root="../..")
    source = project.stdin_source(b"", "a.py")
    assert source is not None and source.path == "sub/deep/a.py" and project.shown_paths == ("sub/deep/a.py",)
    assert project.settings_at(source.path).targets == project.settings_for("a.py").targets == ("3.6",)
