"""What the command line says: the settings that it overrides, and what is wrong with the call itself."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from compatcheck.cli.outputs import output_mistakes
from compatcheck.model.settings import Settings

# Options that are settings, by their key; the others belong to the call.
_LISTS = ("checks", "select", "ignore", "platform")
_PATTERNS = ("exclude", "extend_exclude", "extend_include")
_FLAGS = ("force_exclude", "stubs", "notebooks", "all_versions", "aggressive", "future")


def overrides(args: argparse.Namespace) -> dict[str, object]:
    """Settings by key, of those options that were given."""
    given = vars(args)
    values: dict[str, object] = {
        name: given[name] for name in (*_PATTERNS, *_FLAGS, "fail_on", "baseline") if name in given
    }
    values |= {name: _listed(given[name]) for name in _LISTS if name in given}
    if "target" in given:
        values["target"] = targets(given["target"])
    if "jobs" in given:
        values["jobs"] = int(given["jobs"]) if given["jobs"].isdecimal() else given["jobs"]
    if left_out := {name for name in ("deps", "metadata") if f"no_{name}" in given}:
        asked = values.get("checks", Settings().checks)
        assert isinstance(asked, (list, tuple))
        values["checks"] = [name for name in asked if name not in left_out]
    if "no_cache" in given:
        values["cache"] = False
    return values


def targets(texts: Iterable[str]) -> list[str]:
    """`3.8,3.11` are two targets, `>=3.8,<3.14` is one."""
    found: list[str] = []
    for text in texts:
        joins = False  # whether the next part may belong to the specifier before it
        for part in text.split(","):
            specifier = part.strip()[:1] in tuple("<>=!~")
            if joins and specifier:
                found[-1] += f",{part.strip()}"
            else:
                found.append(part.strip())
            joins = specifier
    return found


def _listed(texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def mistakes_in(args: argparse.Namespace) -> list[str]:
    """What is wrong with the call, apart from the values of settings."""
    found = output_mistakes(args)
    if "-" in args.paths and len(args.paths) > 1:
        found.append("- (standard input) goes without other paths")
    if "watch" in args and "-" in args.paths:
        found.append("--watch goes with files and folders, not with -")
    if "stdin_filename" in args and "-" not in args.paths:
        found.append("--stdin-filename goes with the path -")
    if "config" in args and "isolated" in args:
        found.append("--config and --isolated contradict each other")
    return found
