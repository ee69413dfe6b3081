"""The effective settings as text, each with where it comes from: `--show-settings`."""

from __future__ import annotations

import json
from dataclasses import fields

from compatcheck.model.settings import Settings
from compatcheck.project.layers import KEYS
from compatcheck.project.project import Project

_TABLES = ("per-file-ignores", "per-file-targets", "per-file-severity", "guard-decorators", "severity")


def render_settings(project: Project, path: str | None = None) -> str:
    """Lines that a settings file could hold, of the run or of one file."""
    settings = project.settings_for(path) if path else project.settings
    origins = project.scope_for(path).origins if path else project.scope.origins
    lines = [f"# root: {project.root}"]
    for each in fields(Settings):
        key, value = KEYS[each.name], getattr(settings, each.name)
        origin = origins.get(key, "default")
        lines.append(f"# {key} is not set" if value is None else f"{key} = {_toml(value, key)}  # {origin}")
    return "\n".join(lines) + "\n"


def _toml(value: object, key: str = "") -> str:
    if isinstance(value, tuple) and key in _TABLES:
        inner = "severity" if key == "per-file-severity" else ""
        return "{" + ", ".join(f"{json.dumps(name)} = {_toml(part, inner)}" for name, part in value) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
