"""What opening a project and walking it must not import: start-up time is most of a small run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project.conftest import Site

_WALK = """
import sys
from compatcheck.project import open_project
list(open_project(["."]).discover())
print(*sys.modules)
"""


def _imported(site: Site) -> set[str]:
    words = [sys.executable, "-c", _WALK]
    return set(subprocess.run(words, cwd=site.top, capture_output=True, check=True, text=True).stdout.split())


def test_a_plain_folder_needs_neither_toml_nor_pathspec_nor_jsonschema(site: Site) -> None:
    site.write({"a.py": "", ".gitignore": "# ours\nbuild/\n*.pyc\n/dist\ndocs/_build/\n", "build/b.py": ""})
    assert not {"tomllib", "tomli", "pathspec", "jsonschema", "difflib", "configparser"} & _imported(site)


@pytest.mark.parametrize(
    ("name", "text", "module"),
    [
        ("compatcheck.toml", "", "tomllib" if sys.version_info >= (3, 11) else "tomli"),
        (".gitignore", "*.py[co]", "pathspec"),
    ],
)
def test_what_is_needed_is_imported(site: Site, name: str, text: str, module: str) -> None:
    site.write({name: text})
    assert module in _imported(site)
    assert "jsonschema" not in _imported(site)
