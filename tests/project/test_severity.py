"""Severities of one's own: per rule and kind, per file, wherever findings count."""

from __future__ import annotations

from pathlib import Path

import pytest

import compatcheck
from compatcheck.model.report import Report

SETTINGS = """
target = "3.7"
[severity]
syntax = "info"
assignment-expression = "warning"
[per-file-severity]
"tests/**" = { syntax = "error" }
"tests/old.py" = { assignment-expression = "info" }
"""


def report(folder: Path) -> Report:
    (folder / "compatcheck.toml").write_text(SETTINGS)
    (folder / "tests").mkdir()
    for name in ("a.py", "tests/b.py", "tests/old.py"):
        (folder / name).write_text("(n := 1)\nprint(f'{n=}')\n")
    return compatcheck.check_paths([folder])


def test_the_rule_counts_before_its_kind_and_the_last_pattern_before_both(tmp_path: Path) -> None:
    severities = {(one.path, one.line): one.severity for one in report(tmp_path).findings}
    assert severities == {
        ("a.py", 1): "warning",
        ("a.py", 2): "info",
        ("tests/b.py", 1): "error",
        ("tests/b.py", 2): "error",
        ("tests/old.py", 1): "info",
        ("tests/old.py", 2): "error",
    }


def test_counts_follow(tmp_path: Path) -> None:
    done = report(tmp_path)
    assert done.summary.by_severity == {"error": 3, "warning": 1, "info": 2}
    assert {file.path: file.errors.get("3.7", 0) for file in done.files} == {
        "a.py": 0,
        "tests/b.py": 2,
        "tests/old.py": 1,
    }


def test_names_and_severities_that_do_not_exist_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "compatcheck.toml").write_text(
        'target = "3.7"\n[severity]\nsyntx = "info"\n[per-file-severity]\n"a.py" = { no-such-rule = "info" }\n'
    )
    with pytest.raises(ValueError, match="unknown rule 'syntx' in severity: did you mean 'syntax'") as caught:
        compatcheck.check_paths([tmp_path])
    assert "unknown rule 'no-such-rule' in per-file-severity" in str(caught.value)
    (tmp_path / "compatcheck.toml").write_text('target = "3.7"\n[severity]\nsyntax = "fatal"\n')
    with pytest.raises(ValueError, match=r"severity.syntax cannot be 'fatal': known are error, warning, info"):
        compatcheck.check_paths([tmp_path])
