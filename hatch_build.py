"""Build hook: the wheel carries the compiled rule index, so that no user compiles it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledRules(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the `_rules/index-….json` to wheels; editable installs build theirs on first use."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from compatcheck.rulebook.index import PARTS, build_part, built_name

        folder = Path(self.directory) / "index"
        folder.mkdir(parents=True, exist_ok=True)
        for part in PARTS:
            built = folder / built_name(part)
            built.write_bytes(build_part(root / "rules", part))
            build_data["force_include"][str(built)] = f"compatcheck/_rules/{built.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        shutil.rmtree(Path(self.directory) / "index", ignore_errors=True)
