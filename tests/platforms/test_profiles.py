"""Every profile of rules/platforms as data: schema, names that exist, releases that are targets."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from compatcheck.rulebook import load_rulebook, rules_folder
from compatcheck.rulebook.compiling import read_yaml
from compatcheck.rulebook.profiles import names_of

RULEBOOK = load_rulebook()
FILES = sorted((rules_folder() / "platforms").glob("*.yaml"))
profiles = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
# Of the standard library: what some rule knows, and what this Python has.
HEADS = RULEBOOK.stdlib.names | sys.stdlib_module_names


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    text = json.loads((rules_folder() / "schemas" / "platform.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(text)
    return Draft202012Validator(text)


@profiles
def test_schema(path: Path, schema: Draft202012Validator) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(read_yaml(path))]
    assert not errors, "\n".join(errors)


@profiles
def test_it_is_dated_and_sourced(path: Path) -> None:
    profile = read_yaml(path)
    assert profile["id"] == path.stem
    assert profile["checked"] and profile["sources"]


@profiles
def test_its_groups_name_its_releases(path: Path) -> None:
    profile = read_yaml(path)
    named = {group[end] for group in _groups(profile) for end in ("since", "until") if end in group}
    named |= {release for group in _groups(profile) for release in group.get("releases", ())}
    assert named <= set(profile["releases"])
    assert profile.get("default", next(iter(profile["releases"]))) in profile["releases"]


@profiles
def test_forms_of_syntax_exist(path: Path) -> None:
    known = {f"{rule.id}/{name}" for rule in RULEBOOK.syntax for name in rule.variants}
    named = {
        form
        for group in read_yaml(path).get("syntax", ())
        for form in (*group.get("works", ()), *group.get("fails", ()))
    }
    assert named <= known


@profiles
def test_names_are_of_modules_that_exist(path: Path) -> None:
    """A misspelt module would never be found, and nobody would miss it."""
    profile = read_yaml(path)
    groups = [group for key in ("lacks", "has", "differs") for group in profile.get(key, ())]
    heads = {
        name.partition(".")[0].partition("[")[0].partition("(")[0]
        for group in groups
        for name in group.get("modules", ())
    }
    unknown = heads - HEADS - {"anvil"}
    assert not unknown


def _targets() -> Iterator[str]:
    for path in FILES:
        yield from names_of(read_yaml(path))


def test_every_name_is_a_target_with_a_runtime_of_its_own() -> None:
    names = list(_targets())
    assert len(names) == len(set(names))
    runtimes = load_rulebook(specs=names).runtimes
    bits = [runtimes.parse(name).runtimes.bits for name in names]
    assert all(bit.bit_count() == 1 for bit in bits) and len(set(bits)) == len(bits)
    assert all(runtimes.names(runtimes.parse(name).runtimes) == (name,) for name in names)


def test_rules_without_platforms_know_no_runtime_of_theirs() -> None:
    assert all(runtime.platform is None for runtime in RULEBOOK.runtimes.all)
    assert not RULEBOOK.stdlib.lacks


def _groups(profile: dict[str, Any]) -> list[dict[str, Any]]:
    return [group for key in ("syntax", "imports", "lacks", "has", "differs") for group in profile.get(key, ())]


def test_the_guides_profile_is_one(schema: Draft202012Validator) -> None:
    text = (rules_folder().parent / "docs" / "platforms.md").read_text("utf-8")
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert not [error.message for error in schema.iter_errors(yaml.safe_load(block))]
