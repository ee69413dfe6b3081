"""Every file of rules/equivalents as data: schema, names, code that compiles, and what depends on versions at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compatcheck.rulebook import load_rulebook, rules_folder
from compatcheck.rulebook.compiling import read_yaml

FILES = sorted((rules_folder() / "equivalents").glob("*.yaml"))
files = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    text = (rules_folder() / "schemas" / "equivalents.schema.json").read_text("utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


@files
def test_schema(path: Path, schema: Draft202012Validator) -> None:
    data = read_yaml(path)
    assert data["module"] == path.stem
    errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(data)]
    assert not errors, "\n".join(errors)


@files
def test_names_depend_on_the_version(path: Path) -> None:
    """What works everywhere needs no equivalent; members of modules that are gone need not be listed."""
    facts = load_rulebook().stdlib
    unknown = [symbol for symbol in read_yaml(path)["names"] if facts.fact(symbol) is None and not _gone(symbol, facts)]
    assert not unknown


def _gone(symbol: str, facts: Any) -> bool:
    head = symbol.partition(".")[0]
    return symbol.endswith("[]") or ((fact := facts.fact(head)) is not None and fact.kind == "module")


@files
def test_definitions_compile(path: Path) -> None:
    for symbol, entry in read_yaml(path)["names"].items():
        compile(entry.get("define", ""), symbol, "exec")
