"""Every rule of rules/config by its own examples: `wrong` gives this finding and no other, `works` gives none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml
from tests.cli.conftest import Call, call, folder

__all__ = ["call", "folder"]
_FILE = re.compile(r"^# (?=[\w./]+\.(?:yaml|py|html)$)", re.MULTILINE)
EXAMPLES = [
    (path.stem, kind, text)
    for path in sorted((rules_folder() / "config").glob("*.yaml"))
    for kind, texts in read_yaml(path)["examples"].items()
    for text in texts
]


@pytest.mark.parametrize(("rule", "kind", "text"), EXAMPLES)
def test_examples(rule: str, kind: str, text: str, call: Call, folder: Path) -> None:
    names = []
    for part in _FILE.split(text)[1:]:
        name, _, content = part.partition("\n")
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
        names += [name] if "/" not in name and name != "CONFLICTS.yaml" else []
    outcome = call("config", "--format", "json", ".", *names)
    found = [finding["rule"] for finding in json.loads(outcome.out)["findings"]]
    assert found == ([rule] if kind == "wrong" else [])


@pytest.mark.parametrize("path", sorted((rules_folder() / "config").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_rule_is_whole(path: Path) -> None:
    rule = read_yaml(path)
    assert rule["id"] == path.stem and rule["kind"] == "config"
    assert {"title", "message", "reason", "severity"} <= rule.keys()
    assert rule["examples"]["wrong"] and rule["examples"].get("works")
    assert not rule["message"].endswith(".") and rule["message"].count("`") % 2 == 0
