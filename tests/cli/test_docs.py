"""The pages of docs/: links lead somewhere, and commands do what stands there, in the order in which they stand."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.rulebook import rules_folder

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
# The other pages' commands need files of their own.
RUN = [ROOT / "docs" / "reports.md"]


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_the_commands_of_a_page_print_what_it_shows(page: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures" / "shop", tmp_path / "fixtures" / "shop")
    for block in re.findall(r"```console\n(.*?)```", text_of(page), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            words = shlex.split(command)
            assert words[0] == "compatcheck", command
            argv = [sys.executable, "-m", "compatcheck", *words[1:]]
            done = subprocess.run(argv, cwd=tmp_path, capture_output=True, timeout=120, check=False)
            assert done.returncode in (0, 1), f"{command}: {done.stderr.decode()}"
            assert not output or done.stdout.decode() == output, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_and_pictures_are_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text_of(page)):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_reference_of_the_report_names_every_field() -> None:
    schema = json.loads((rules_folder() / "schemas" / "report.schema.json").read_bytes())
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text_of(ROOT / "docs" / "reports.md"), re.MULTILINE))
    for name, part in schema["properties"].items():
        assert name in rows
        item = schema["$defs"]["finding"] if name == "findings" else part.get("items", part)
        for field in item.get("properties", {}) if name != "suppressed" else ("by", "how"):
            assert re.search(rf"\b{field}\b", rows[name]), f"{name}.{field}"
