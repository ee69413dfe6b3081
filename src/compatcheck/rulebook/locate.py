"""Where rules/ lies: in the wheel as `_rules`, or beside `src/` in a checkout."""

from __future__ import annotations

import os
from pathlib import Path


class RulesNotFound(RuntimeError):
    """The installation carries no rules."""


def rules_folder() -> Path:
    """The folder with runtimes.yaml and syntax/: `$COMPATCHECK_RULES_DIR`, the checkout's, or the wheel's own.

    Raises RulesNotFound when there is none.
    """
    package = Path(__file__).resolve().parent.parent
    asked = os.environ.get("COMPATCHECK_RULES_DIR")
    checkout = package.parent.parent / "rules" if package.parent.name == "src" else package / "_rules"
    for folder in [Path(asked)] if asked else [checkout, package / "_rules"]:
        if (folder / "runtimes.yaml").is_file():
            return folder
    raise RulesNotFound(f"no rules found beside {package}; reinstall compatcheck or set COMPATCHECK_RULES_DIR")
