"""The settings of a run or of one file. What each key means to users, and its type, stands in
rules/schemas/settings.schema.json; a field here is the key with `_` for `-`.

Patterns are those of .gitignore, relative to the root of the run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from compatcheck.model.rules import Severity

Check = Literal["code", "config", "metadata", "deps", "secrets"]
FailOn = Literal["error", "warning", "info", "never"]

DEFAULT_EXCLUDE = (
    ".bzr/",
    ".direnv/",
    ".eggs/",
    ".git/",
    ".git-rewrite/",
    ".hg/",
    ".ipynb_checkpoints/",
    ".mypy_cache/",
    ".nox/",
    ".pants.d/",
    ".pyenv/",
    ".pytest_cache/",
    ".pytype/",
    ".ruff_cache/",
    ".compatcheck_cache/",
    ".hypothesis/",
    ".svn/",
    ".tox/",
    ".venv/",
    ".vscode/",
    "__pycache__/",
    "__pypackages__/",
    "_build/",
    "buck-out/",
    "build/",
    "dist/",
    "node_modules/",
    "site-packages/",
    "venv/",
    "*.egg-info/",
    "*.egg/",
)
PerFile = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Settings:
    """Effective settings. Those below `jobs` count for the run as a whole, the others file by file."""

    targets: tuple[str, ...] = ()  # SPECs (DESIGN 7), united; the key is `target`; empty: nobody says
    select: tuple[str, ...] = ()  # rule ids and kinds to report; empty: all
    ignore: tuple[str, ...] = ()  # rule ids and kinds not to report, those of per-file-ignores included
    per_file_ignores: PerFile = ()  # (pattern, rule ids and kinds)
    per_file_targets: PerFile = ()  # (pattern, SPECs); the last that matches wins
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ("*.py", "*.pyw")
    extend_include: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    stubs: bool = False
    notebooks: bool = False
    platform: tuple[str, ...] = ()  # values of sys.platform; empty: all
    aggressive: bool = False
    future: bool = False
    guard_decorators: tuple[tuple[str, str], ...] = ()  # (dotted name, SPEC that it guards)
    severity: tuple[tuple[str, Severity], ...] = ()  # (rule id or kind, its severity here)
    per_file_severity: tuple[
        tuple[str, tuple[tuple[str, Severity], ...]], ...
    ] = ()  # of a file: what matches, in order
    env: tuple[tuple[str, Any], ...] = ()  # declared variables: (name, a type or pairs of more)
    env_schema: str | None = None
    jobs: int | None = None
    cache: bool = True
    checks: tuple[Check, ...] = ("code", "config", "metadata", "deps")
    fail_on: FailOn = "error"
    all_versions: bool = False
    baseline: str | None = None  # absolute
