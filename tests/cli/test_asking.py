"""Options that ask for more, or for other things: systems, guesses, the future, evidence, micro releases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import compatcheck
from compatcheck.cli import main

CODE = """\
import os, sys, tarfile
os.fork()
if sys.platform != "win32":
    os.fork()
import cgi
def cut(text):
    return text.removeprefix("x")
tarfile.data_filter
"""


def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(CODE)
    main(["check", "--isolated", "--no-cache", "--format", "concise", *options, "a.py"])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (("--target", "3.12"), {"5: warning"}),
        (("--target", "3.12", "--future"), {"5: error"}),
        (("--target", "3.12", "--platform", "linux"), {"5: warning"}),
        (("--target", "3.12", "--platform", "linux,win32"), {"2: error", "5: warning"}),
        (("--target", "3.8"), {"8: warning"}),
        (("--target", "3.8", "--aggressive"), {"7: info", "8: warning"}),
        (("--target", ">=3.8.17,<3.9"), set()),
    ],
)
def test_what_is_asked_for(
    options: tuple[str, ...],
    lines: set[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = said(tmp_path, monkeypatch, capsys, *options)
    found = [line.split(":") for line in out.splitlines() if line.startswith("a.py")]
    assert {f"{number}: {severity.split()[0]}" for _, number, _, severity, *_ in found} == lines


def test_evidence() -> None:
    code = "import sys, math as m\nif sys.version_info >= (3, 8):\n    m.lcm(1, 2)\n\n\ndef f(s: str):\n    s.removeprefix('')\n"
    guard, first, second = compatcheck.check_source(code, ["3.7-3.13"]).findings
    assert (guard.rule, guard.line, guard.fails_on) == ("off-by-one-guard", 2, ("3.8",))
    assert first.evidence == (
        "line 1: `import sys, math as m` gives `m`",
        "line 2: `if sys.version_info >= (3, 8):` lets 3.8–3.13 get here",
    )
    assert second.evidence[0] == "`s` is taken for a `str`"
    assert second.evidence[-1] == "no version guard around it"


def test_second_opinion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import sys, math\nif sys.version_info >= (3, 9):\n    math.lcm(1)\ntry:\n    import tomllib\nexcept ImportError:\n"
    (tmp_path / "a.py").write_text(code + "    pass\nimport graphlib\n")
    options = ["--isolated", "--no-cache", "--format", "concise", "--target", "3.8"]
    assert main(["check", *options, "--second-opinion", "a.py"]) == 1
    found = [line for line in capsys.readouterr().out.splitlines() if line.startswith("a.py")]
    assert [line.split(":")[1] for line in found] == ["3", "5", "8"]
    assert "'math.lcm' member needs Python 3.9; compatcheck: guarded, no target gets there" in found[0]
    assert "'tomllib' module needs Python 3.11; compatcheck: guarded, somebody catches" in found[1]
    assert "second-opinion" not in found[2]


def test_all_versions_are_counted_in_one_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("import math\nmath.lcm(1)\nimport cgi\n")
    assert main(["check", "--isolated", "--no-cache", "--target", "3.9", "--all-versions", "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    met = {name: (one["errors"], one["warnings"]) for name, one in report["summary"]["by_runtime"].items()}
    assert [met[name] for name in ("3.8", "3.9", "3.12", "3.13")] == [(1, 0), (0, 0), (0, 0), (1, 0)]
    assert report["files"][0]["errors"]["3.0"] == 1
    assert report["summary"]["compatible"]
