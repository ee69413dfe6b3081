"""Every command block of the documents does what stands there."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md")
README = (ROOT / "README.md").read_text("utf-8")
# They install, or run all tests: tests/cli/test_installed.py and CI do them for real.
ELSEWHERE = ("pip install ", ".ci/run")


def commands() -> list[tuple[str, str]]:
    """(command, the output that stands below it) of every console block."""
    found: list[tuple[str, str]] = []
    for name in DOCUMENTS:
        for block in re.findall(r"```console\n(.*?)```", (ROOT / name).read_text("utf-8"), re.DOTALL):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append((command, output))
    return found


HERE = [(command, output) for command, output in commands() if not command.startswith(ELSEWHERE)]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "fixtures" / "shop", tmp_path / "fixtures" / "shop")
    return tmp_path


@pytest.mark.parametrize(("command", "output"), HERE, ids=[command for command, _ in HERE])
def test_a_command_prints_what_the_document_shows(command: str, output: str, copy: Path) -> None:
    words = shlex.split(command)
    assert words[0] == "compatcheck"
    argv = [sys.executable, "-m", "compatcheck", *words[1:]]
    done = subprocess.run(argv, cwd=copy, capture_output=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr.decode()
    shown = done.stdout.decode()
    if output.endswith("...\n"):
        assert shown.startswith(output.removesuffix("...\n"))
    elif output:
        assert shown == output


def test_the_documents_have_commands() -> None:
    assert len(HERE) >= 8
    assert README.index("$ pip install .") < README.index("$ compatcheck --target 3.7 fixtures/") < 500


@pytest.mark.parametrize("code", re.findall(r"```python\n(import .*?)```", README, re.DOTALL))
def test_the_python_examples_run(code: str, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)


def test_the_settings_example_is_right(copy: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (copy / "pyproject.toml").write_text(block, encoding="utf-8")
    argv = [sys.executable, "-m", "compatcheck", "--show-settings"]
    done = subprocess.run(argv, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for line in ('target = ["3.8+"]', 'extend-exclude = ["vendored/"]', 'tests/**" = ["assignment-expression"]'):
        assert line in done.stdout


def test_the_suppression_example_silences(copy: Path) -> None:
    (block,) = re.findall(r"```python\n(if .*?)```", README, re.DOTALL)
    (copy / "a.py").write_text(block, encoding="utf-8")
    argv = [sys.executable, "-m", "compatcheck", "--target", "3.7", "a.py"]
    done = subprocess.run(argv, cwd=copy, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout == "All checks passed: 1 file on 3.7, 2 findings silenced.\n"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_the_exit_codes_of_the_table() -> None:
    from compatcheck.cli import exits

    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert codes == {
        exits.PASSED,
        exits.FINDINGS,
        exits.USAGE,
        exits.INCOMPLETE,
        exits.INTERNAL,
        exits.INTERRUPTED,
    }


def test_every_folder_that_the_documents_name_exists() -> None:
    for name in DOCUMENTS:
        for path in re.findall(r"`((?:src|rules|tests|tools|fixtures)/[\w./-]*)`", (ROOT / name).read_text("utf-8")):
            assert (ROOT / path).exists(), f"{name} names {path}"
