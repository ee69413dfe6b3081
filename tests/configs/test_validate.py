"""`compatcheck validate`: any file against any schema."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from compatcheck.rulebook import rules_folder
from tests.cli.conftest import Call
from tests.configs.conftest import write

SCHEMA = {
    "type": "object",
    "required": ["port"],
    "additionalProperties": False,
    "properties": {
        "port": {"type": "integer", "maximum": 9},
        "names": {"type": "array", "items": {"enum": ["a", "b"]}},
    },
}


def findings(call: Call, *argv: str) -> list[tuple[str, str, int]]:
    outcome = call("validate", "--format", "json", *argv)
    assert outcome.code in (0, 1), outcome.err
    return [(one["path"], one["rule"], one["line"]) for one in json.loads(outcome.out)["findings"]]


def test_json_yaml_and_toml_have_the_same_places(call: Call, folder: Path) -> None:
    files = {
        "s.json": json.dumps(SCHEMA),
        "a.json": '{\n  "prt": 1,\n  "names": [\n    "a",\n    "c"]}\n',
        "a.yaml": "prt: 1\nnames:\n- a\n- c\n",
        "a.toml": 'prt = 1\nnames = [\n  "a",\n  "c",\n]\n',
    }
    write(folder, files)
    found = findings(call, "--schema", "s.json", "a.json", "a.yaml", "a.toml")
    assert found == [
        *(("a.json", rule, line) for rule, line in (("missing-key", 1), ("unknown-key", 2), ("wrong-value", 5))),
        *(("a.toml", rule, line) for rule, line in (("missing-key", 1), ("unknown-key", 1), ("wrong-value", 2))),
        *(("a.yaml", rule, line) for rule, line in (("missing-key", 1), ("unknown-key", 1), ("wrong-value", 4))),
    ]


def test_a_batch_reports_every_file(call: Call, folder: Path) -> None:
    write(folder, {"s.json": json.dumps(SCHEMA), "d/a.yaml": "port: 1\n", "d/e/b.toml": "port = 10\n", "d/c.txt": "x"})
    outcome = call("validate", "--batch", "d", "--schema", "s.json", "--format", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert [file["path"] for file in report["files"]] == ["d/a.yaml", "d/e/b.toml"]
    assert [(one["path"], one["line"]) for one in report["findings"]] == [("d/e/b.toml", 1)]


def test_a_shipped_schema_by_its_name(call: Call, folder: Path) -> None:
    write(folder, {"a.py": "(n := 1)\n", "app.yml": "name: 3\n"})
    call("--target", "3.7", "--format", "json", "--output", "report.json", "a.py")
    assert findings(call, "--schema", "report", "report.json") == []
    assert findings(call, "--schema", "anvil", "app.yml") == [("app.yml", "wrong-type", 1)]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.json", '{"port": 1,\n"port": 2}', 2),
        ("a.json", '{"port": 1,\n}', 2),
        ("a.json", '{"port":\n' + "9" * 5_000 + "}", 2),
        ("a.json", '{"port":\n' + "[" * 5_000, 2),
        ("a.json", b'{"port":\n"\xff"}', 2),
        ("a.json", "", 1),
        ("a.toml", "port = 1\nport = 2\n", 2),
        ("a.toml", "port = 1\nx = [\n", 2),
        ("a.toml", "port = 1\n" + "x = " + "[" * 5_000 + "]" * 5_000, 1),
    ],
)
def test_broken_files(name: str, content: str | bytes, line: int, call: Call, folder: Path) -> None:
    write(folder, {"s.json": "{}", name: content})
    ((_, rule, found),) = findings(call, "--schema", "s.json", name)
    assert rule in ("unparsable-config", "duplicate-key", "oversized-config")
    assert found == line


def test_references_stay_inside(call: Call, folder: Path) -> None:
    write(
        folder,
        {
            "pyproject.toml": "",
            "in/s.json": json.dumps({"properties": {"a": {"$ref": "parts/a.json"}, "b": {"$ref": "#/$defs/b"}}})[:-1]
            + ', "$defs": {"b": {"type": "integer"}}}',
            "in/parts/a.json": '{"type": "integer"}',
            "out.json": json.dumps({"properties": {"a": {"$ref": "../../secret.json"}}}),
            "x.yaml": "a: x\nb: y\n",
        },
    )
    (folder.parent / "secret.json").write_text('{"type": "integer"}')
    assert findings(call, "--schema", "in/s.json", "x.yaml") == [
        ("x.yaml", "wrong-type", 1),
        ("x.yaml", "wrong-type", 2),
    ]
    outcome = call("validate", "--schema", "out.json", "x.yaml")
    assert outcome.code == 2 and "outside" in outcome.err


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server on this machine with a schema."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "whole.json").write_text('{"type": "integer"}')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_the_network_only_when_asked(served: str, call: Call, folder: Path) -> None:
    write(folder, {"s.json": json.dumps({"items": {"$ref": f"{served}/whole.json"}}), "x.yaml": "- a\n- 1\n"})
    refused = call("validate", "--schema", "s.json", "x.yaml")
    assert refused.code == 2 and "--allow-download" in refused.err
    assert findings(call, "--allow-download", "--schema", "s.json", "x.yaml") == [("x.yaml", "wrong-type", 1)]
    write(folder, {"s.json": json.dumps({"items": {"$ref": f"{served}/none.json"}})})
    missing = call("validate", "--allow-download", "--schema", "s.json", "x.yaml")
    assert missing.code == 2 and "cannot be had" in missing.err
    write(folder, {"s.json": json.dumps({"items": {"$ref": "http://example.com/a.json"}})})
    assert "no https address" in call("validate", "--allow-download", "--schema", "s.json", "x.yaml").err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["x.yaml", "--schema", "anvl"], "shipped are anvil"),
        (["x.yaml", "--schema", "bad.json"], "properties"),
        (["x.yaml", "--schema", "broken.json"], "line 1"),
        (["--schema", "anvil"], "give files to validate"),
        (["-", "--schema", "anvil"], "standard input"),
    ],
)
def test_calls_that_make_no_sense(argv: list[str], said: str, call: Call, folder: Path) -> None:
    write(folder, {"x.yaml": "a: 1\n", "bad.json": '{"properties": []}', "broken.json": "{"})
    outcome = call("validate", *argv)
    assert outcome.code == 2 and said in outcome.err


def test_a_missing_file_is_not_valid(call: Call, folder: Path) -> None:
    outcome = call("validate", "--schema", "anvil", "nope.yaml")
    assert outcome.code == 3


@pytest.mark.parametrize("path", sorted((rules_folder() / "schemas").glob("*.json")), ids=lambda path: path.name)
def test_shipped_schemas_are_schemas(path: Path) -> None:
    from compatcheck.configs.schema import check_schema

    check_schema(json.loads(path.read_text("utf-8")))


@pytest.mark.parametrize("name", ["anvil", "deployment", "form-template"])
def test_editors_can_complete(name: str) -> None:
    """Each section has a title, each key a description: of its own, or of what it refers to."""
    schema = json.loads((rules_folder() / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    parts = {"": schema, **schema["$defs"]}
    bare = [
        f"{part}.{key}"
        for part, said in parts.items()
        for key, inner in said.get("properties", {}).items()
        if not ({"description", "$ref"} & inner.keys())
    ]
    assert schema["$schema"].endswith("2020-12/schema") and bare == []
