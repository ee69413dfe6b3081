"""Where collected raw data lies between the steps: outside of the repository, as JSON."""

import json
import os
from pathlib import Path
from typing import Any


def folder() -> Path:
    default = Path.home() / ".cache" / "compatcheck-stdlib"
    place = Path(os.environ.get("COMPATCHECK_STDLIB_DIR") or default)
    place.mkdir(parents=True, exist_ok=True)
    return place


def save(name: str, data: Any) -> None:
    (folder() / f"{name}.json").write_text(json.dumps(data), encoding="utf-8")


def load(name: str) -> Any:
    """None where that step has not been run yet."""
    path = folder() / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def names(prefix: str) -> list[str]:
    return sorted(path.stem for path in folder().glob(f"{prefix}*.json"))
