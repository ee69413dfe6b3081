"""`.env` files against what a project declares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.secrets.conftest import Check, Findings


def rules(findings: Findings, path: str = ".env") -> list[tuple[int | None, str]]:
    """(line, rule) of a file's findings."""
    return [(one["line"], one["rule"]) for one in findings if one["path"] == path]


CONTRACT = """\
[env]
PORT = "port"
URL = "url"
MAIL = "email"
ID = "uuid"
COUNT = "int"
RATE = "float"
FLAG = "bool"
HOST = "host"
MODE = {enum = ["fast", "safe"]}
NAME = {type = "string", min-length = 3, max-length = 5}
LEVEL = {type = "int", minimum = 1, maximum = 9}
DATA = "json"
MAYBE = {type = "url", required = false}
"""
GOOD = {
    "PORT": "8000", "URL": "https://example.org/a?b=c", "MAIL": "a@example.org", "ID": "0b0e4bd2-5b3c-4d7e-9f3a-1c2d3e4f5a6b",
    "COUNT": "-3", "RATE": "0.5", "FLAG": "off", "HOST": "db.internal", "MODE": "safe", "NAME": "abcd", "LEVEL": "9",
    "DATA": '\'{"a": 1}\'',
}  # fmt: skip
BAD = {
    "PORT": ["0", "65536", "http", "80.5"], "URL": ["example.org", "https://", "/path"], "MAIL": ["a", "a@b"],
    "ID": ["123", "0b0e4bd2-5b3c-4d7e-9f3a-1c2d3e4f5a6"], "COUNT": ["1.5", "many", "0x10"], "RATE": ["nan", "half"],
    "FLAG": ["maybe", "2"], "HOST": ["a..b", "-a", "http://a"], "MODE": ["slow", "FAST"], "NAME": ["ab", "abcdef"],
    "LEVEL": ["0", "10"], "DATA": ["{a}", "'{\"a\": }'"],
}  # fmt: skip


def write(folder: Path, values: dict[str, str], name: str = ".env") -> None:
    (folder / name).write_text("".join(f"{key}={value}\n" for key, value in values.items()))


def declare(folder: Path) -> None:
    (folder / "compatcheck.toml").write_text('target = "3.9+"\nignore = ["unused-variable"]\n' + CONTRACT)


def test_right_values_pass(check: Check, folder: Path) -> None:
    declare(folder)
    write(folder, GOOD)
    assert check() == []


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_wrong_values_are_told_without_the_value(name: str, value: str, check: Check, folder: Path) -> None:
    declare(folder)
    write(folder, {**GOOD, name: value})
    (finding,) = check()
    assert (finding["rule"], finding["line"]) == ("wrong-variable-value", [*GOOD].index(name) + 1)
    assert finding["message"].startswith(f"`{name}` must be ")
    assert finding["excerpt"] == f"{name}={'*' * len(value)}"


def test_missing_empty_unknown_duplicate(check: Check, folder: Path) -> None:
    declare(folder)
    write(folder, {**GOOD, "PORT": "", "MOED": "safe", "HOME": "/x"})
    with (folder / ".env").open("a") as file:
        file.write("RATE=1\nRATE=2\n")
    text = (folder / ".env").read_text().replace("MODE=safe\n", "")
    (folder / ".env").write_text(text)
    found = check()
    assert {one["symbol"]: one["rule"] for one in found} == {
        "MODE": "missing-variable", "PORT": "empty-variable", "MOED": "unknown-variable", "RATE": "duplicate-variable"
    }  # fmt: skip
    assert "did you mean `MODE`" in next(one["message"] for one in found if one["symbol"] == "MOED")
    assert sum(one["rule"] == "duplicate-variable" for one in found) == 2


def test_an_example_is_a_contract(check: Check, folder: Path) -> None:
    (folder / ".env.example").write_text("A=change-me\n# B=\nC=\n")
    (folder / ".env").write_text("A=changeme\nB=x\nD=1\n")
    found = [each for each in check() if each["rule"] != "unused-variable"]
    assert rules(found) == [(None, "missing-variable"), (1, "placeholder-value"), (3, "unknown-variable")]
    assert next(one["symbol"] for one in found if one["rule"] == "missing-variable") == "C"


def test_a_schema_is_a_contract(check: Check, folder: Path) -> None:
    schema = {
        "type": "object", "required": ["A", "B", "Z"],
        "properties": {"A": {"type": "integer", "minimum": 5}, "B": {"type": "string", "pattern": "^b+$"},
                       "L": {"type": "array", "items": {"type": "integer"}}},
    }  # fmt: skip
    (folder / ".env.schema.json").write_text(json.dumps(schema))
    (folder / ".env").write_text("A=3\nB=abc\nL='[1, \"x\"]'\n")
    found = [each for each in check() if each["rule"] != "unused-variable"]
    assert rules(found) == [(None, "missing-variable"), *[(line, "wrong-variable-value") for line in (1, 2, 3)]]


@pytest.mark.parametrize("schema", ["[]", "{", '{"properties": {"A": {"pattern": "(a+)+$"}}}'])
def test_a_schema_that_is_none_is_no_success(schema: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from compatcheck.cli import main

    (folder / ".env.schema.json").write_text(schema)
    (folder / ".env").write_text("A=" + "a" * 60 + "!\n")
    assert main(["--checks", "secrets"]) == 3
    assert ".env.schema.json: no JSON Schema of variables" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("A = b", "quoting-mistake"), ("A=two words", "quoting-mistake"), ("A=pass #word", "quoting-mistake"),
        ("A=\u201cb\u201d", "quoting-mistake"), ('A=b"', "quoting-mistake"), ('A="b', "unreadable-env-line"),
        ('A="b"c', "unreadable-env-line"), ("A b c", "unreadable-env-line"), ("A", "unreadable-env-line"),
        ("A-B=1", "invalid-variable-name"), ("1A=1", "invalid-variable-name"), ("A=${NOPE}/x", "undefined-reference"),
    ],
)  # fmt: skip
def test_how_lines_are_written(line: str, rule: str, check: Check, folder: Path) -> None:
    (folder / ".env").write_text(f"# first\n{line}\n", encoding="utf-8")
    assert rules(check()) == [(2, rule)]


@pytest.mark.parametrize(
    "line",
    ["A=b", "A='two words'", 'A="a # b"', "export A=b", "A=b # why", "A=${HOME}/x", "A='${NOPE}'", "A=${NOPE:-x}", "A=",
     'A="two\nlines"', "A=#b", "A=it's"],
)  # fmt: skip
def test_what_is_well_written(line: str, check: Check, folder: Path) -> None:
    (folder / ".env").write_text(f"{line}\n")
    assert [each for each in rules(check()) if each[1] != "quoting-mistake" or "it's" not in line] == []


@pytest.mark.parametrize(
    ("name", "value", "weak"),
    [
        ("SECRET_KEY", "short1", True), ("SECRET_KEY", "a" * 40, True), ("DB_PASSWORD", "postgres", True),
        ("API_TOKEN", "abab" * 10, True), ("SECRET_KEY", "q7Rk2-vXw9_Lm4Tz8Bn1", False), ("DB_PASSWORD", "Gr8-w4ter", False),
        ("PUBLIC_KEY", "short", False), ("CACHE_KEY", "a", False), ("SECRET_KEY", "vault:secret/app#key", False),
    ],
)  # fmt: skip
def test_weak_secrets(name: str, value: str, weak: bool, check: Check, folder: Path) -> None:
    (folder / ".env").write_text(f"{name}={value}\n")
    assert rules(check()) == ([(1, "weak-secret")] if weak else [])


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        (".env.production", "DB_HOST=localhost\n", 1), (".env.production", "DEBUG=true\n", 1),
        (".env", "APP_ENV=production\nURL=http://127.0.0.1:80\n", 2), (".env.development", "URL=https://prod.example.org\n", 1),
        (".env.production", "URL=https://prod.example.org\n", None), (".env.development", "URL=http://localhost\n", None),
        (".env", "URL=http://localhost\n", None), (".env.production", "NAME=productive\n", None),
        (".env.test", "URL=http://localhost\n", None), (".env.staging", "DEBUG=true\n", None),
    ],
)  # fmt: skip
def test_values_of_other_environments(file: str, text: str, line: int | None, check: Check, folder: Path) -> None:
    (folder / file).write_text(text)
    assert rules(check(), file) == ([] if line is None else [(line, "other-environment")])


def test_an_overlay_adds_to_the_base(check: Check, folder: Path) -> None:
    declare(folder)
    write(folder, GOOD)
    write(folder, {"PORT": "9000", "URL": "https://prod.example.org"}, ".env.production")
    write(folder, {"PORT": "x"}, ".env.local")
    assert [(one["path"], one["rule"]) for one in check()] == [(".env.local", "wrong-variable-value")]


def test_the_examples_agree(check: Check, folder: Path) -> None:
    (folder / ".env.example").write_text("A=\n")
    (folder / "anvil.yaml.example").write_text(
        "app: {name: a}\nsecrets:\n  ONE: {source: 'env:A'}\n  TWO:\n    source: env:B\nenvironments:\n  p:\n"
        "    secrets: {ONE: {source: 'env:C'}}\n"
    )
    found = [(one["line"], one["symbol"]) for one in check() if one["rule"] == "example-mismatch"]
    assert found == [(5, "B"), (8, "C")]


def test_the_shipped_examples_agree(check: Check, folder: Path) -> None:
    for name in (".env.example", "anvil.yaml.example"):
        (folder / name).write_bytes((Path(__file__).parents[2] / name).read_bytes())
    assert [one for one in check() if one["rule"] != "unused-variable"] == []


def test_hostile_files_are_survived(check: Check, folder: Path, tmp_path: Path) -> None:
    (folder / ".env").write_bytes(b"A=" + b"y" * 500_000 + b"\n" + b'"' * 10_000 + b"\n" + b"=\n" * 100 + b"\0=\1\n")
    assert {one["rule"] for one in check()} <= {"unreadable-env-line", "invalid-variable-name"}
    outside = tmp_path.parent / "outside.env"
    outside.write_text("NOT A LINE\n")
    (folder / ".env").unlink()
    (folder / ".env").symlink_to(outside)
    from compatcheck.cli import main

    assert main(["--checks", "secrets"]) == 3
