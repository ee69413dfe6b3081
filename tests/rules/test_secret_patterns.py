"""Every file of rules/secrets: schema, examples, and patterns that no input can stall."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from compatcheck.configs.secrets.detector import Detector
from compatcheck.rulebook import rules_folder
from compatcheck.rulebook.compiling import read_yaml
from compatcheck.rulebook.secrets import load_secrets
from tests.rules.secrets import made_up, pattern_files

DETECTOR = Detector(load_secrets())
SCHEMA = json.loads((rules_folder() / "schemas" / "secret-pattern.schema.json").read_bytes())
EXAMPLES = [(path.stem, index) for path in pattern_files() for index in range(len(read_yaml(path)["examples"]))]
AROUND = ["{}", "x = '{}'\n", "# é\n\tsend('{}')\n", "a: {}\nb: 1\n", '{{"a":"{}"}}']
FEED = """
import json, sys
from compatcheck.configs.secrets.detector import Detector
from compatcheck.rulebook.secrets import load_secrets
detector = Detector(load_secrets())
for piece in json.load(sys.stdin):
    print(piece[:60].encode(), flush=True)
    detector.all(piece.encode() * (10_000 // len(piece.encode())))
print("done", flush=True)
"""


@pytest.mark.parametrize("path", pattern_files(), ids=lambda path: path.stem)
def test_schema(path: Path) -> None:
    errors = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(read_yaml(path))
    ]
    assert not errors, "\n".join(errors)
    assert read_yaml(path)["id"] == path.stem


@pytest.mark.parametrize(("name", "index"), EXAMPLES)
def test_examples_are_found_wherever_they_stand(name: str, index: int) -> None:
    rule = read_yaml(rules_folder() / "secrets" / f"{name}.yaml")
    for seed, around in product(range(3), AROUND):
        text = around.format(made_up(name, index, seed))
        found = DETECTOR.secrets(text.encode(), f"a.{rule.get('files', ['py'])[0]}")
        assert name in [one.pattern.id for one in found], around


@pytest.mark.parametrize(
    "text",
    [
        'password = "password"', 'token = "your-token-here"', "API_KEY = 'changeme'", 'secret = "${SECRET}"',
        'password = os.environ["DB_PASSWORD"]', 'token_url = "https://example.org/oauth2/token"',
        'PASSWORD_FIELD = "user_password_field"', "password: str = 'xxxxxxxxxxxx'", 'key = "AKIA"',
        'secret_name = "prod/db-2/credentials"', 'label = _("Please enter your password: ")', "assert token == 'oauth2_token'",
        'next_token = "1w41l63U0xa8q7smH50vCxyTQqdxo69O3EmK28Bi5PcROI4wI"', "postgres://user:password@localhost/db",
        "'-----BEGIN RSA PRIVATE " + "KEY-----' in text", "git://example.org/a@b:c", "{'Password:', 'a1b2c3d4e5f6'}",
    ],
)  # fmt: skip
def test_what_only_looks_so_is_none(text: str) -> None:
    assert DETECTOR.secrets(text.encode(), "a.py") == []


def test_what_people_allow_is_none() -> None:
    line = made_up("github-token")
    for comment in ("# pragma: allowlist secret", "# gitleaks:allow"):
        assert DETECTOR.secrets(f"a = 1\nx = '{line}'  {comment}\n".encode(), "a.py") == []
    assert DETECTOR.secrets(f"# pragma: allowlist nextline secret\nx = '{line}'\n".encode(), "a.py") == []
    assert len(DETECTOR.secrets(f"# gitleaks:allow\nx = '{line}'\n".encode(), "a.py")) == 1


def test_no_pattern_backtracks() -> None:
    """Text made of what the patterns look for, 10 KB of each, within a limit."""
    words = dict.fromkeys(word for path in pattern_files() for word in read_yaml(path)["keywords"])
    glue = ["", " ", "=", "='", ": ", "a", "A1", "/", "\\n", "a:", "://a", "-----BEGIN PRIVATE " + "KEY-----A"]
    pieces = [word + sign for word in words for sign in glue]
    try:
        done = subprocess.run(
            [sys.executable, "-c", FEED], input=json.dumps(pieces), capture_output=True, text=True, timeout=120
        )
    except subprocess.TimeoutExpired as expired:
        said = (expired.stdout or b"").decode().splitlines()
        pytest.fail(f"hangs on a repeated piece of text: {said[-1] if said else '?'}")
    assert done.stdout.splitlines()[-1:] == ["done"], done.stderr
