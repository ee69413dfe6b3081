"""`compatcheck deps` offline: requirements, lock files of every tool, imports against what is declared."""

from __future__ import annotations

import json
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compatcheck.cli import main

Files = dict[str, str]
Tree = Callable[[Files], Path]
LOCKS = Path(__file__).parents[2] / "fixtures" / "locks"
HEAD = '[project]\nname = "a"\nrequires-python = ">=3.9"\n'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    def make(files: Files) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def report(capsys: pytest.CaptureFixture[str], *argv: str) -> Any:
    capsys.readouterr()
    main(["deps", "--no-cache", "--format", "json", *argv])
    return json.loads(capsys.readouterr().out)


def told(data: Any) -> set[tuple[str, str, int, tuple[str, ...]]]:
    return {(one["rule"], one["path"], one["line"], tuple(one["fails_on"])) for one in data["findings"]}


CASES: dict[str, tuple[Files, set[tuple[str, str, int, tuple[str, ...]]]]] = {
    "a marker that leaves a hole": (
        {
            "pyproject.toml": HEAD + "dependencies = [\"tomli; python_version < '3.10'\"]\n",
            "a/__init__.py": "try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib\n",
        },
        {("marker-hole", "pyproject.toml", 4, ("3.10",))},
    ),
    "no hole": (
        {
            "pyproject.toml": HEAD + "dependencies = [\"tomli; python_version < '3.11'\"]\n",
            "a/__init__.py": "try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib\n",
        },
        set(),
    ),
    "a fallback that nothing declares": (
        {
            "pyproject.toml": HEAD + "dependencies = ['click']\n",
            "a/__init__.py": "try:\n    import tomllib\nexcept ImportError:\n    import tomli as tomllib\n",
        },
        {("undeclared-backport", "a/__init__.py", 4, ("3.9", "3.10"))},
    ),
    "an import that nothing declares": (
        {"pyproject.toml": HEAD + "dependencies = ['click']\n", "a/__init__.py": "import yaml, click\n"},
        {("undeclared-import", "a/__init__.py", 1, ("3.9", "3.10", "3.11", "3.12"))},
    ),
    "imports that need no declaration": (
        {
            "pyproject.toml": HEAD + "dependencies = ['PyYAML', 'python-dateutil', 'beautifulsoup4']\n",
            "a/__init__.py": "import yaml, dateutil.tz, bs4, os, a.b, helper\nfrom typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    import numpy\ntry:\n    import ujson\nexcept ImportError:\n    ujson = None\n",
            "a/b.py": "",
            "helper.py": "",
        },
        set(),
    ),
    "what nobody needs any more": (
        {"pyproject.toml": HEAD + "dependencies = [\"tomli; python_version < '3.8'\", 'dataclasses']\n"},
        {
            ("unneeded-dependency", "pyproject.toml", 4, ("3.9", "3.10", "3.11", "3.12")),
            ("unneeded-backport", "pyproject.toml", 4, ("3.9", "3.10", "3.11", "3.12")),
        },
    ),
    "a marker about other implementations": (
        {"pyproject.toml": HEAD + "dependencies = [\"brotlicffi; platform_python_implementation != 'CPython'\"]\n"},
        set(),
    ),
    "requirements that include others": (
        {
            "requirements.txt": "-r more/base.txt\n-c nowhere.txt\nclick==8.1.7 \\\n    --hash=sha256:00\n./local\n",
            "more/base.txt": "flask >=\n",
        },
        {
            ("invalid-requirement", "more/base.txt", 1, ("3.9", "3.10", "3.11", "3.12")),
            ("included-file-missing", "requirements.txt", 2, ("3.9", "3.10", "3.11", "3.12")),
        },
    ),
    "an include that leads out": (
        {"requirements.txt": "-r ../../../../etc/passwd\n"},
        {("included-file-missing", "requirements.txt", 1, ("3.9", "3.10", "3.11", "3.12"))},
    ),
    "setup.py is read, not run": (
        {
            "setup.py": "import sys\nfrom setuptools import setup\nNEEDS = ['click >']\nsetup(name='a', install_requires=NEEDS)\n"
            "open('ran', 'w')\n"
        },
        {("invalid-requirement", "setup.py", 3, ("3.9", "3.10", "3.11", "3.12"))},
    ),
    "an Anvil app, groups, conda's pip": (
        {
            "anvil.yaml": "name: a\n",
            "server_code/requirements.txt": "x =\n",
            "pyproject.toml": "[dependency-groups]\ndev = ['y =', {include-group = 'z'}]\nz = []\n",
            "environment.yml": "dependencies:\n  - python\n  - pip:\n    - 'z ='\n",
        },
        {
            ("invalid-requirement", "server_code/requirements.txt", 1, ("3.9", "3.10", "3.11", "3.12")),
            ("invalid-requirement", "pyproject.toml", 2, ("3.9", "3.10", "3.11", "3.12")),
            ("invalid-requirement", "environment.yml", 4, ("3.9", "3.10", "3.11", "3.12")),
        },
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_at_its_line(name: str, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    files, wanted = CASES[name]
    root = tree(files)
    assert told(report(capsys, "--target", "3.9-3.12")) == wanted
    assert not (root / "ran").exists()


@pytest.mark.parametrize("tool", sorted(path.name for path in LOCKS.iterdir()))
def test_lock_files_of_every_tool(
    tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same project, locked by the tools themselves: MarkupSafe 2.1.5 has wheels up to 3.12 and an sdist, tomli is
    not needed from 3.11 on, colorama only on Windows.
    """
    monkeypatch.chdir(LOCKS / tool)
    data = report(capsys, "--target", "3.9-3.13", ".")
    rows = {one["name"]: one for one in data["dependencies"]}
    assert rows["markupsafe"]["locked"] == "2.1.5"
    assert rows["tomli"]["runtimes"]["3.11"]["reason"] == "not needed"
    assert rows["tomli"]["runtimes"]["3.10"]["reason"] is None
    built = [one for one in data["findings"] if one["rule"] == "dependency-sdist-only"]
    if tool != "pipenv":  # a Pipfile.lock names no files
        assert ("markupsafe", ["3.13"]) in [(one["symbol"], one["fails_on"]) for one in built]


def test_a_locked_version_that_excludes_a_target(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    lock = '[[package]]\nname = "click"\nversion = "8.2.0"\npython-versions = ">=3.10"\nfiles = []\n'
    tree({"pyproject.toml": HEAD + "dependencies = ['click']\n", "poetry.lock": lock})
    data = report(capsys, "--target", "3.9-3.10")
    assert told(data) == {("dependency-excludes-python", "poetry.lock", 2, ("3.9",))}


def test_another_locked_version_may_fit(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    lock = "".join(
        f'[[package]]\nname = "click"\nversion = "{version}"\npython-versions = "{asked}"\nfiles = []\n'
        for version, asked in (("8.2.0", ">=3.10"), ("8.1.0", ">=3.7"))
    )
    tree({"pyproject.toml": HEAD + "dependencies = ['click']\n", "poetry.lock": lock})
    assert told(report(capsys, "--target", "3.9-3.10")) == set()


def test_a_folder_of_wheels(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    root = tree({"requirements.txt": "thing==2.0\nother==1.0\n"})
    wheels = root / "wheels"
    wheels.mkdir()
    for version, asked in (("2.0", ">=3.11"), ("1.0", ">=3.6")):
        with zipfile.ZipFile(wheels / f"thing-{version}-py3-none-any.whl", "w") as archive:
            text = f"Metadata-Version: 2.1\nName: thing\nVersion: {version}\nRequires-Python: {asked}\n"
            archive.writestr(f"thing-{version}.dist-info/METADATA", text)
    data = report(capsys, "--target", "3.10-3.11", "--find-links", "wheels")
    assert told(data) == {("dependency-excludes-python", "requirements.txt", 1, ("3.10",))}
    assert data["findings"][0]["instead"] == "On 3.10 at most thing 1.0."


def test_what_is_installed_beside_the_project(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """Its metadata count, and its import names."""
    info = ".venv/lib/python3.11/site-packages/odd_name-1.dist-info"
    tree(
        {
            "pyproject.toml": HEAD + "dependencies = ['odd-name==1']\n",
            "a/__init__.py": "import strange\n",
            ".venv/pyvenv.cfg": "",
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: odd-name\nVersion: 1\nRequires-Python: >=3.11\n",
            f"{info}/top_level.txt": "strange\n",
        }
    )
    data = report(capsys, "--target", "3.10-3.11")
    assert told(data) == {("dependency-excludes-python", "pyproject.toml", 4, ("3.10",))}


def test_a_run_over_one_file_says_the_same_of_it(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree(
        {
            "pyproject.toml": HEAD + "dependencies = ['click']\n",
            "src/a/__init__.py": "import yaml\nimport b\nfrom . import c\n",
            "src/b/__init__.py": "",
            "src/a/c.py": "",
        }
    )
    whole, part = report(capsys, "--target", "3.9"), report(capsys, "--target", "3.9", "src/a/__init__.py")
    assert told(whole) == told(part) == {("undeclared-import", "src/a/__init__.py", 1, ("3.9",))}


def test_offline_opens_no_socket(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    tree({"pyproject.toml": HEAD + "dependencies = ['click==8.1']\n", "a/__init__.py": "import click\n"})
    assert told(report(capsys, "--target", "3.9")) == set()
    assert main(["--no-cache", "--target", "3.9", "--quiet"]) == 0


def test_the_matrix(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    lock = '[[package]]\nname = "click"\nversion = "8.2.0"\npython-versions = ">=3.10"\nfiles = []\n'
    tree({"pyproject.toml": HEAD + "dependencies = ['click']\n", "poetry.lock": lock})
    main(["deps", "--no-cache", "--target", "3.9-3.10", "--matrix"])
    assert capsys.readouterr().out.splitlines()[:2] == ["package  locked  3.9  3.10", "click    8.2.0   no   ok"]
