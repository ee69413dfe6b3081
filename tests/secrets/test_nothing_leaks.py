"""No secret stands in any output, in the cache, or in what is told on standard error; whatever finding is on its line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from compatcheck.report import FORMATS
from tests.rules.secrets import made_up, pattern_files

NAMES = [path.stem for path in pattern_files() if path.stem != "written-secret"]


def planted(name: str) -> list[str]:
    """The lines of an example; of those that are keywords and value, all that matters is the value."""
    return made_up(name, seed=7).split("\n")


def values() -> list[str]:
    """Pieces of every planted secret that must not be seen: its longest unbroken runs."""
    found = []
    for name in NAMES:
        for line in planted(name):
            runs = sorted("".join(c if c.isalnum() else " " for c in line).split(), key=len)
            found += [run for run in runs[-1:] if len(run) >= 8 and any(map(str.isdigit, run))]
    return [*found, "hunter2", "S0mmer-2024!", "correcth0rse", "Gartenzwerg99"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Secrets on lines with findings of every kind, in comments, notebooks, configurations and .env files."""
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "compatcheck.toml").write_text('target = "3.0+"\n[env]\nPORT = "port"\n')
    code = ["import os, distutils"]
    for name in NAMES:
        text = "\\n".join(planted(name)).replace('"', "'")
        code.append(
            f'f(x := """{text}""", *a, distutils.{name.replace("-", "_")})  # compatcheck: ignore[module] {text}'
        )
    code += ['password = "hunter2"; return 1, *x', "with open(f'{a}', password='S0mmer-2024!') as x, (y := 1): pass"]
    code += ['os.environ["X"]; token = "correcth0rse"', 'if (n := 1): secret = """Gartenzwerg99']
    (folder / "a.py").write_text("\n".join(code) + "\n")
    (folder / "b.py").write_text("\n".join(code[:-1]) + "\n")
    cell = {"cell_type": "code", "source": [line + "\n" for line in code], "outputs": [{"text": code}], "metadata": {}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    (folder / "c.ipynb").write_text(json.dumps(notebook))
    lines = [line for name in NAMES for line in planted(name)]
    (folder / "d.yaml").write_text(
        "a:\n" + "".join(f"  - {json.dumps(line)}\n" for line in lines) + "password: S0mmer-2024!\n"
    )
    (folder / "e.json").write_text(json.dumps({"password": "Gartenzwerg99", "all": lines}))
    (folder / "f.toml").write_text('token = "correcth0rse"\n')
    env = [f"V{number}={line}" for number, line in enumerate(lines)]
    (folder / ".env").write_text("\n".join([*env, *lines, "PORT=hunter2", "SECRET_KEY = hunter2", "hunter2"]) + "\n")
    (folder / ".env.example").write_text("\n".join(env) + "\nPASSWORD=S0mmer-2024!\n")
    (folder / "pyproject.toml").write_text('[project]\nname = "a"\npassword = "hunter2"\n')
    return folder


def test_nowhere(project: Path, tmp_path: Path) -> None:
    environ = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "home"), "COMPATCHECK_NOTEBOOKS": "1"}
    argv = ["--checks", "code,config,metadata,deps,secrets", "-v"]
    for output in FORMATS:
        argv += ["--format", f"{output}:{tmp_path / output}"]
    done = subprocess.run(
        [sys.executable, "-m", "compatcheck", *argv], cwd=project, env=environ, capture_output=True, check=False
    )
    assert done.returncode in (1, 3), done.stderr.decode()
    told = {output: (tmp_path / output).read_text("utf-8") for output in FORMATS}
    assert [output for output, text in told.items() if "hard-coded-secret" not in text] == []
    cache = [path for path in (*tmp_path.rglob("*"), *(project / ".compatcheck_cache").rglob("*")) if path.is_file()]
    assert any(path.parent.name == ".compatcheck_cache" for path in cache)
    told |= {str(path): path.read_bytes().decode("utf-8", "replace") for path in cache if "index-" not in path.name}
    told |= {"stdout": done.stdout.decode(), "stderr": done.stderr.decode()}
    assert [(where, value) for where, text in told.items() for value in values() if value in text] == []


def test_the_planted_ones_are_found(project: Path) -> None:
    """Else the test above would prove nothing."""
    argv = [
        sys.executable,
        "-m",
        "compatcheck",
        "--checks",
        "secrets",
        "--format",
        "json",
        "--no-cache",
        "b.py",
        "d.yaml",
    ]
    done = subprocess.run(argv, cwd=project, capture_output=True, check=False)
    found = {one["symbol"] for one in json.loads(done.stdout)["findings"] if one["rule"] == "hard-coded-secret"}
    assert len(found) > len(NAMES) * 0.9, set(NAMES) - found
