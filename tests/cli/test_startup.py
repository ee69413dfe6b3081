"""What is imported when: heavy libraries only where they are used. Each case in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    "jinja2",
    "watchfiles",
    "xml",
    "libcst",
    "jsonschema",
    "rich",
    "yaml",
    "tree_sitter",
    "ast_serialize",
    "multiprocessing",
}
_CODE = """
import sys
from compatcheck.cli import main
code = main(sys.argv[1:])
print("\\nLOADED", code, *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded(folder: Path, *argv: str) -> tuple[int, set[str]]:
    """The exit code and the top-level modules that were imported."""
    done = subprocess.run(
        [sys.executable, "-c", _CODE, *argv], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    _, code, *names = done.stdout.rpartition("\nLOADED")[2].join(("LOADED", "")).split()
    return int(code), set(names)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_load_nothing_heavy(option: str, tmp_path: Path) -> None:
    code, names = loaded(tmp_path, option)
    assert (code, names & HEAVY) == (0, set())


def test_a_clean_file_needs_no_rich_no_libcst_no_jsonschema(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import os\nprint(os.getcwd())\n")
    code, names = loaded(tmp_path, "--target", "3.7", "--no-cache", ".")
    assert (code, names & {"libcst", "jsonschema", "rich", "jinja2", "xml", "watchfiles"}) == (0, set())
    assert "ast_serialize" in names  # it was looked at


def test_findings_without_colour_need_no_rich(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("(n := 1)\n")
    code, names = loaded(tmp_path, "--target", "3.7", "--no-cache", ".")
    assert (code, names & {"libcst", "jsonschema", "rich", "jinja2", "xml", "watchfiles"}) == (1, set())


def test_a_chosen_command_loads_no_other(tmp_path: Path) -> None:
    code = "import sys; from compatcheck.cli import main; main(['clean']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    mine = {name for name in done.stdout.split() if name.startswith("compatcheck.cli.")}
    assert mine.isdisjoint({"compatcheck.cli.check", "compatcheck.cli.explain", "compatcheck.cli.completion"})
