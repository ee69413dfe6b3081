"""Every file of rules/syntax as data: schema, style, examples, and anchors that no input can stall."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from compatcheck.analyze.screen import REFUSED
from compatcheck.rulebook import rules_folder
from tests.rules.files import rule_data, rule_files

LIMIT_SECONDS = 120  # a pattern that backtracks needs minutes for its first input; all of them together take seconds
FEED = """
import json, re, sys
for name, pattern, pieces in json.load(sys.stdin):
    print(name, pattern, flush=True)
    compiled = re.compile(pattern.encode())
    for piece in pieces:
        text = piece.encode()
        sum(1 for _ in compiled.finditer(text * (200_000 // len(text))))
print("done", flush=True)
"""
SIGNS = [*" \t\f\n\\#()[]{}\"'*,:=.", "\\\n", "# x\n", '"""', "f'{", "**"]
PHRASES = ["a", "a ", "a.", "1", "a,", "a, ", "a=1,", "*a,", "(a,", "x:\n ", "é", "lambda ", "def f(", "@a"]
GLUE = ["", " ", "\\\n", "(", " a ", ", "]

files = pytest.mark.parametrize("path", rule_files(), ids=lambda path: path.stem)


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    text = (rules_folder() / "schemas" / "syntax-rule.schema.json").read_text("utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text))


@files
def test_schema(path: Path, schema: Draft202012Validator) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in schema.iter_errors(rule_data(path))]
    assert not errors, "\n".join(errors)


@files
def test_id_is_the_file_name(path: Path) -> None:
    assert rule_data(path)["id"] == path.stem


@files
def test_every_variant_has_an_example(path: Path) -> None:
    rule = rule_data(path)
    assert set(rule["examples"]) <= {"works", *rule["variants"]}
    if "anchor" in rule:
        assert set(rule["examples"]) == {"works", *rule["variants"]}


@files
def test_messages_have_one_style(path: Path) -> None:
    for name, variant in rule_data(path)["variants"].items():
        message = variant["message"]
        assert not message[0].isupper() or re.match(r"Python \d|[A-Z]+\b", message), f"{name}: starts in upper case"
        assert not message.endswith((".", "!", " ")), f"{name}: ends like a sentence"
        assert "\n" not in message and "  " not in message, f"{name}: more than a line"
        assert message.count("`") % 2 == 0, f"{name}: an open backtick"


@files
def test_messages_name_the_boundary(path: Path) -> None:
    """`since: "3.8"` and a message that says 3.9 cannot both be right."""
    for name, variant in rule_data(path)["variants"].items():
        named = set(re.findall(r"Python (3\.\d+)", variant["message"]))
        bounds = {variant.get("since"), _after(variant.get("until")), variant.get("until")}
        if named and "works" not in variant and variant.get("severity", "error") == "error":
            assert named & bounds, f"{name}: {variant['message']}"


@files
def test_anchors_name_known_variants(path: Path) -> None:
    rule = rule_data(path)
    narrow = [anchor for anchor in rule.get("anchor", ()) if isinstance(anchor, dict)]
    assert all(set(anchor["variants"]) <= set(rule["variants"]) for anchor in narrow)


@files
def test_anchors_are_patterns(path: Path) -> None:
    for _, pattern in _patterns(path):
        re.compile(pattern.encode())


def test_no_anchor_backtracks() -> None:
    """Each pattern on 200 KB of what it is made of and of what code is made of, within a limit."""
    fed = [
        (name, pattern, [*SIGNS, *PHRASES, *_own(pattern)])
        for path in rule_files()
        for name, pattern in _patterns(path)
    ]
    try:
        done = subprocess.run(
            [sys.executable, "-c", FEED], input=json.dumps(fed), capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
    except subprocess.TimeoutExpired as expired:
        said = (expired.stdout or b"").decode().splitlines()
        pytest.fail(f"hangs on a repeated piece of text: {said[-1] if said else '?'}")
    assert done.stdout.splitlines()[-1:] == ["done"], done.stderr


def _patterns(path: Path) -> list[tuple[str, str]]:
    """The rule's anchors that are searched with `re`."""
    entries: list[Any] = rule_data(path).get("anchor", [])
    patterns = [(entry if isinstance(entry, str) else entry["pattern"]).removeprefix(REFUSED) for entry in entries]
    return [(path.stem, pattern) for pattern in patterns if not pattern.startswith("scan:")]


def _own(pattern: str) -> list[str]:
    """Pieces made of the pattern's own words and signs, alone and with what often stands between tokens."""
    words = re.findall(r"[A-Za-z_]{2,}", re.sub(r"\\[A-Za-z]", " ", pattern))
    signs = re.findall(r"\\?([^\w\s\\])", pattern)
    tokens = list(dict.fromkeys([*words, *signs]))[:8]
    return [token + glue for token in tokens for glue in GLUE] + ["".join(tokens)] * bool(tokens)


def _after(version: str | None) -> str | None:
    return f"3.{int(version.split('.')[1]) + 1}" if version else None
