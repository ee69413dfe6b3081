"""A project in a folder of its own, and compatcheck as users call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compatcheck.cli import main

Findings = list[dict[str, Any]]
Check = Callable[..., Findings]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: an empty project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path.parent / "cache"))
    (tmp_path / "compatcheck.toml").write_text('target = "3.9+"\n')
    return tmp_path


@pytest.fixture
def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """The findings of the check `secrets`, the places as (path, line, rule)."""

    def run(*argv: str) -> Findings:
        capsys.readouterr()
        code = main(["--checks", "secrets", "--format", "json", *argv])
        out, err = capsys.readouterr()
        assert code in (0, 1), err or out
        findings: Findings = [one for one in json.loads(out)["findings"] if one["kind"] == "secret"]
        return findings

    return run


Secrets = Callable[..., tuple[int, Findings, str]]


@pytest.fixture
def secrets_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Secrets:
    """`compatcheck secrets`: exit code, findings, and all that was told."""

    def run(*argv: str) -> tuple[int, Findings, str]:
        capsys.readouterr()
        code = main(["secrets", "--format", "json", *argv])
        out, err = capsys.readouterr()
        findings: Findings = json.loads(out)["findings"] if out else []
        return code, [one for one in findings if one["severity"] != "info" or "stored" in one["rule"]], out + err

    return run
