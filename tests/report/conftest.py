"""A report with one of everything, and the schema that every report is held against."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compatcheck.model.report import FileResult, Finding, Report, Run, RuntimeSummary, Summary, Suppressed
from compatcheck.model.source import Unreadable
from compatcheck.rulebook import rules_folder

WALRUS = Finding(
    rule="assignment-expression",
    kind="syntax",
    severity="error",
    confidence="certain",
    message="assignment expression `:=` needs Python 3.8",
    path="app/cache.py",
    line=12,
    column=5,
    end_line=12,
    end_column=11,
    excerpt="if (n := 1):",
    works_on=">=3.8",
    reach=">=3.7,<3.10",
    fails_on=("3.7",),
    instead="Assign before the test.",
    fingerprint="0123456789abcdef",
)


def report_of(*findings: Finding, **changes: Any) -> Report:
    """A report on two files for 3.7 and 3.8; `changes` replace its parts."""
    errors = {name: sum(f.severity == "error" and name in f.fails_on for f in findings) for name in ("3.7", "3.8")}
    parts: dict[str, Any] = {
        "tool": {"name": "compatcheck", "version": "0.1.0", "rules": "00ff"},
        "run": Run("2026-01-02T03:04:05+00:00", 0.25, "3.11.7", "/src", ("3.7", "3.8"), False, (".",), ("code",)),
        "summary": Summary(
            files=2,
            bytes=300,
            findings=len(findings),
            by_severity={s: n for s in ("error", "warning") if (n := sum(f.severity == s for f in findings))},
            by_rule={rule: sum(f.rule == rule for f in findings) for rule in sorted({f.rule for f in findings})},
            by_runtime={name: RuntimeSummary(count, 0) for name, count in errors.items()},
            compatible=not any(errors.values()),
        ),
        "findings": findings,
        "files": (FileResult("app/cache.py", 200, {"3.7": 1}), FileResult("app/main.py", 100, {})),
    }
    return Report(**{**parts, **changes})


@pytest.fixture
def walrus() -> Finding:
    return WALRUS


@pytest.fixture
def make_report() -> Callable[..., Report]:
    return report_of


@pytest.fixture
def full_report() -> Report:
    """Every list of the report holds something."""
    return report_of(
        WALRUS,
        unreadable=(Unreadable("app/secret.py", "permission denied"),),
        suppressed=(Suppressed(WALRUS, "# compatcheck: ignore[assignment-expression] (line 12)"),),
        dependencies=(
            {
                "name": "attrs",
                "requirement": "attrs>=20",
                "source": "pyproject.toml",
                "locked": None,
                "runtimes": {"3.7": {"ok": True, "newest": "24.2.0", "reason": None}},
            },
        ),
        declarations=({"source": "requires-python", "path": "pyproject.toml", "line": 4, "states": ">=3.7"},),
    )


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    schema = json.loads((rules_folder() / "schemas" / "report.schema.json").read_bytes())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
