"""`compatcheck metadata` over small projects: each contradiction at its line, fixes that change nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from compatcheck.cli import main

Files = dict[str, str]
Tree = Callable[[Files], Path]
WALRUS = "if (n := 1):\n    pass\n"
PROJECT = '[project]\nname = "a"\nrequires-python = ">=3.8"\n'
MATRIX = """\
on: push
jobs:
  test:
    strategy:
      matrix:
        python-version: [{versions}]
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: ${{{{ matrix.python-version }}}}
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    def make(files: Files) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return make


def found(capsys: pytest.CaptureFixture[str], *argv: str) -> set[tuple[str, str, int]]:
    """(rule, file, line) of what is told."""
    capsys.readouterr()
    main(["metadata", "--no-cache", "--format", "json", *argv])
    report = json.loads(capsys.readouterr().out)
    return {(one["rule"], one["path"], one["line"]) for one in report["findings"]}


CASES: dict[str, tuple[Files, set[tuple[str, str, int]]]] = {
    "the code needs more": (
        {"pyproject.toml": PROJECT.replace("3.8", "3.7"), "a/__init__.py": WALRUS},
        {("requires-python-too-low", "pyproject.toml", 3)},
    ),
    "the code ends": (
        {"pyproject.toml": PROJECT, "a/__init__.py": "import imp\n"},
        {("requires-python-too-high", "pyproject.toml", 3)},
    ),
    "guarded code needs nothing": (
        {
            "pyproject.toml": PROJECT,
            "a/__init__.py": "try:\n    import tomllib\nexcept ImportError:\n    tomllib = None\n",
        },
        set(),
    ),
    "tests are not shipped": (
        {"pyproject.toml": PROJECT, "a/__init__.py": "", "tests/test_a.py": "import tomllib\n"},
        set(),
    ),
    "nothing is declared": (
        {"setup.py": "from setuptools import setup\nsetup(name='a')\n", "a/__init__.py": WALRUS},
        {("requires-python-missing", "setup.py", 2)},
    ),
    "a bound inside a minor version": (
        {"pyproject.toml": PROJECT.replace(">=3.8", ">=3.8,<=3.12")},
        {("micro-version-bound", "pyproject.toml", 3)},
    ),
    "no specifier": (
        {"pyproject.toml": PROJECT.replace(">=3.8", "3.8")},
        {("invalid-python-version", "pyproject.toml", 3)},
    ),
    "two declarations": (
        {"pyproject.toml": PROJECT, "setup.cfg": "[options]\npython_requires = >=3.9\n"},
        {("python-versions-disagree", "setup.cfg", 2)},
    ),
    "a classifier too many, one too few": (
        {
            "pyproject.toml": PROJECT
            + 'classifiers = [\n  "Programming Language :: Python :: 3.7",\n  "Programming Language :: Python :: 3.9",\n]\n'
        },
        {("classifier-unsupported", "pyproject.toml", 5), ("classifier-missing", "pyproject.toml", 5)},
    ),
    "ruff may write what 3.8 does not know": (
        {"pyproject.toml": PROJECT + '[tool.ruff]\ntarget-version = "py310"\n'},
        {("tool-version-too-new", "pyproject.toml", 5)},
    ),
    "mypy assumes an old version": (
        {"pyproject.toml": PROJECT, "mypy.ini": "[mypy]\npython_version = 3.7\n"},
        {("tool-version-stale", "mypy.ini", 2)},
    ),
    "tox tests an old version": (
        {"pyproject.toml": PROJECT, "tox.ini": "[tox]\nenvlist = py{37,38,39}-{a,b}\n"},
        {("unsupported-version-tested", "tox.ini", 2)},
    ),
    "nox skips a version": (
        {"pyproject.toml": PROJECT, "noxfile.py": "import nox\n@nox.session(python=['3.8', '3.10'])\ndef t(s): pass\n"},
        {("untested-version", "pyproject.toml", 3)},
    ),
    "3.10 is a number": (
        {"pyproject.toml": PROJECT, ".github/workflows/t.yml": MATRIX.format(versions="3.8, 3.9, 3.10")},
        {("python-version-number", ".github/workflows/t.yml", 6)},
    ),
    "quoted it is none": (
        {"pyproject.toml": PROJECT, ".github/workflows/t.yml": MATRIX.format(versions="'3.8', '3.9', '3.10'")},
        set(),
    ),
    "excluded versions are not tested": (
        {
            "pyproject.toml": PROJECT.replace("3.8", "3.9"),
            ".github/workflows/t.yml": MATRIX.format(versions="'3.8', '3.9', '3.10'").replace(
                "    steps", "        exclude:\n          - python-version: '3.8'\n    steps"
            ),
        },
        set(),
    ),
    "included ones are": (
        {
            "pyproject.toml": PROJECT.replace("3.8", "3.9"),
            ".github/workflows/t.yml": MATRIX.format(versions="'3.9', '3.10'").replace(
                "    steps", "        include:\n          - python-version: '3.8'\n    steps"
            ),
        },
        {("unsupported-version-tested", ".github/workflows/t.yml", 8)},
    ),
    "GitLab's matrix": (
        {
            "pyproject.toml": PROJECT,
            ".gitlab-ci.yml": "test:\n  image: python:3.7-slim\n  parallel:\n    matrix:\n      - PYTHON_VERSION: ['3.8']\n",
        },
        {("unsupported-version-tested", ".gitlab-ci.yml", 2)},
    ),
    "an image that is too old": (
        {"pyproject.toml": PROJECT.replace("3.8", "3.12"), "Dockerfile": "ARG V=3.11\nFROM python:${V}-slim\n"},
        {("unsupported-version-used", "Dockerfile", 1)},
    ),
    "an image without fixes": ({"Dockerfile": "FROM python:3.7\n"}, {("end-of-life-version", "Dockerfile", 1)}),
    "an app that its image cannot run": (
        {"runtime.txt": "python-3.12.1\n", "app.py": "import annotationlib\n"},
        {("used-version-too-old", "runtime.txt", 1)},
    ),
    "Read the Docs, conda, pre-commit, .python-version": (
        {
            "pyproject.toml": PROJECT.replace("3.8", "3.13"),
            ".readthedocs.yaml": "build:\n  tools:\n    python: '3.12'\n",
            "environment.yml": "dependencies:\n  - python=3.12\n",
            ".python-version": "3.12.4\n",
            ".pre-commit-config.yaml": "default_language_version:\n  python: python3.7\n",
        },
        {
            ("unsupported-version-used", ".readthedocs.yaml", 3),
            ("unsupported-version-used", "environment.yml", 2),
            ("unsupported-version-used", ".python-version", 1),
            ("end-of-life-version", ".pre-commit-config.yaml", 2),
        },
    ),
    "poetry's caret": (
        {
            "pyproject.toml": '[tool.poetry]\nname = "a"\nclassifiers = ["Programming Language :: Python :: 3.8"]\n'
            '[tool.poetry.dependencies]\npython = "^3.9"\n'
        },
        {("classifier-unsupported", "pyproject.toml", 3)},
    ),
    "an Anvil app's server": (
        {
            "anvil.yaml": "runtime_options:\n  server_spec: {base: python310-minimal}\n",
            "server_code/m.py": "import tomllib\n",
        },
        {("used-version-too-old", "anvil.yaml", 2), ("end-of-life-version", "anvil.yaml", 2)},
    ),
    "a script's own block": (
        {"s.py": "# /// script\n# requires-python = '>=3.8'\n# ///\nimport tomllib\n"},
        {("requires-python-too-low", "s.py", 2)},
    ),
    "cibuildwheel and a universal wheel": (
        {
            "pyproject.toml": PROJECT + '[tool.cibuildwheel]\nbuild = "cp37-* cp38-*"\n',
            "setup.cfg": "[bdist_wheel]\nuniversal = 1\n",
        },
        {("unsupported-version-built", "pyproject.toml", 5), ("unsupported-version-built", "setup.cfg", 2)},
    ),
    "other people's projects": (
        {"pyproject.toml": PROJECT, "tests/data/pyproject.toml": PROJECT.replace(">=3.8", "nonsense")},
        set(),
    ),
    "a comment silences": (
        {
            "pyproject.toml": PROJECT.replace(
                '>=3.8"', '>=3.8,<=3.12"  # compatcheck: ignore[micro-version-bound] as agreed'
            )
        },
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_contradiction_at_its_line(name: str, tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    files, wanted = CASES[name]
    tree(files)
    assert found(capsys, "--target", "3.0+") == wanted


def test_what_lies_outside_the_targets_counts(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    """The run asks about 3.12; requires-python promises 3.7."""
    tree({"pyproject.toml": PROJECT.replace("3.8", "3.7"), "a/__init__.py": WALRUS})
    assert found(capsys, "--target", "3.12") == {("requires-python-too-low", "pyproject.toml", 3)}


def test_check_does_it_by_itself_and_can_leave_it_out(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree({"pyproject.toml": PROJECT.replace(">=3.8", ">=3.8,<=3.12")})
    main(["--no-cache", "--format", "concise"])
    assert "micro-version-bound" in capsys.readouterr().out
    main(["--no-cache", "--format", "concise", "--no-metadata"])
    assert "micro-version-bound" not in capsys.readouterr().out


def test_a_run_over_other_files_says_nothing(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree({"pyproject.toml": PROJECT.replace(">=3.8", ">=3.8,<=3.12"), "a/__init__.py": ""})
    main(["--no-cache", "--format", "concise", "a"])
    assert "micro-version-bound" not in capsys.readouterr().out


EVERYTHING: Files = {
    "pyproject.toml": "# head\r\n[project]\r\nname = 'a'  # its name\r\nrequires-python = '>=3.7'\r\nclassifiers = [\r\n"
    "    'Programming Language :: Python :: 3.7',\r\n    'Programming Language :: Python :: 3.8',  # kept\r\n"
    "    'Programming Language :: Python :: 3.9',\r\n]\r\n[tool.ruff]\r\ntarget-version = 'py37'\r\n"
    "[tool.black]\r\ntarget-version = ['py37', 'py38']\r\n",
    "tox.ini": "[tox]\nenvlist = py{37,38,39}, lint\n",
    ".github/workflows/t.yml": MATRIX.format(versions="3.7, '3.8', 3.10"),
    "Dockerfile": "FROM python:3.7.4-slim AS x  # é\n",
    "a/__init__.py": WALRUS,
}


def test_fix_changes_the_statements_and_nothing_else(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    root = tree(EVERYTHING)
    main(["metadata", "--no-cache", "--fix"])
    text = (root / "pyproject.toml").read_bytes().decode()
    before = EVERYTHING["pyproject.toml"]
    wanted = before.replace("    'Programming Language :: Python :: 3.7',\r\n", "").replace(">=3.7", ">=3.8")
    assert text == wanted.replace("= 'py37'", "= 'py38'").replace("['py37', 'py38']", "['py38']")
    assert (root / "tox.ini").read_text() == "[tox]\nenvlist = py{38,39}, lint\n"
    assert (root / "Dockerfile").read_text("utf-8") == "FROM python:3.8-slim AS x  # é\n"
    assert "python-version: ['3.8', \"3.10\"]" in (root / ".github/workflows/t.yml").read_text()
    capsys.readouterr()
    main(["metadata", "--no-cache", "--fix", "--diff"])
    assert capsys.readouterr().out == ""


def test_set_minimum_is_for_all_of_them(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    root = tree({**EVERYTHING, "setup.cfg": "[options]\npython_requires = >= 3.7, !=3.8.*, <4\n"})
    main(["metadata", "--no-cache", "--set-minimum", "3.9", "--diff"])
    assert "+requires-python = '>=3.9'" in capsys.readouterr().out
    assert (root / "pyproject.toml").read_bytes().decode() == EVERYTHING["pyproject.toml"]
    main(["metadata", "--no-cache", "--set-minimum", "3.9"])
    assert (root / "setup.cfg").read_text() == "[options]\npython_requires = >= 3.9, <4\n"
    text = (root / "pyproject.toml").read_text()
    assert "py37" not in text and "3.8" not in text and "target-version = 'py39'" in text


def test_set_minimum_where_nothing_is_declared(tree: Tree) -> None:
    root = tree({"pyproject.toml": '[project]\nname = "a"\nversion = "1"\n', "a/__init__.py": ""})
    main(["metadata", "--no-cache", "--set-minimum", "3.9"])
    assert (root / "pyproject.toml").read_text() == '[project]\nname = "a"\nrequires-python = ">=3.9"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".github/workflows/t.yml", "a: &a [*a]\n"),
        (
            ".github/workflows/t.yml",
            "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9 if n else ['x'] * 9)}]" for n in range(12)),
        ),
        ("pyproject.toml", "a = " + "[" * 100_000),
        ("tox.ini", "[tox]\nenvlist = " + "{a,b}" * 40 + "\n"),
        ("setup.py", "(" * 100_000),
        (".gitlab-ci.yml", "\x00"),
    ],
)
def test_hostile_files_end(name: str, text: str, tree: Tree) -> None:
    tree({name: text, "a.py": ""})
    assert main(["metadata", "--no-cache", "--target", "3.12"]) in (0, 1, 2, 3)
