"""Where the judge keeps what it installed, fetched and found out: outside the work tree."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    chosen = os.environ.get("COMPATCHECK_JUDGE_DIR")
    return Path(chosen) if chosen else Path.home() / ".cache" / "compatcheck-judge"
