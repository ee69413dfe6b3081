"""Every file of rules/stdlib as data, and a sample of its facts proven on the interpreters that are there."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tools.judge import interpreters
from tools.stdlib import reader, verify

RULES = Path(__file__).parents[2] / "rules"
FILES = sorted((RULES / "stdlib").glob("*.yaml"))
# Both ends, a hole, a micro release, a member by inheritance, an operator's class, a lazily provided name.
SAMPLE = {
    "asyncio": ["TaskGroup", "coroutine", "Queue", "timeout"],
    "ast": ["Num", "unparse"],
    "cgi": ["FieldStorage"],
    "collections": ["Mapping", "OrderedDict"],
    "distutils": [],
    "graphlib": ["TopologicalSorter"],
    "inspect": ["getargspec", "signature"],
    "math": ["lcm", "prod", "sin"],
    "pathlib": ["Path.is_relative_to", "Path.walk", "PurePath.with_stem", "Path.link_to"],
    "sys": ["set_int_max_str_digits", "exc_info", "getcheckinterval"],
    "tomllib": ["loads"],
    "typing": ["Self", "NoReturn"],
    "unittest": ["IsolatedAsyncioTestCase", "makeSuite"],
    "builtins": ["str.removeprefix", "int.bit_count", "aiter", "str.upper"],
}


def names(path: Path) -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["names"]
    return loaded


@pytest.fixture(scope="module")
def entries() -> dict[str, dict[str, Any]]:
    return reader.load(RULES / "stdlib")


def test_the_library_is_covered() -> None:
    assert len(FILES) > 150


def test_files_keep_their_schema() -> None:
    schema = json.loads((RULES / "schemas" / "stdlib.schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema)
    known: set[str] = set()  # thousands of entries are alike: each shape is validated once
    wrong = []
    for path in FILES:
        entries = {symbol: entry for symbol, entry in names(path).items() if json.dumps(entry) not in known}
        known.update(map(json.dumps, entries.values()))
        checked = {"module": path.stem, "names": entries or names(path)}
        wrong += [f"{path.name}: {error.json_path}: {error.message}" for error in validator.iter_errors(checked)]
    assert wrong == []


def test_files_are_sorted_and_named_after_their_module() -> None:
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"module: {path.stem}\nnames:\n"), path.name
        symbols = list(names(path))
        assert symbols == sorted(symbols), path.name
        if path.stem != "builtins":
            assert {reader.splits(f"{symbol}.").__next__()[0].split(".")[0] for symbol in symbols} == {path.stem}


def test_symbols_work_somewhere_and_say_something(entries: dict[str, dict[str, Any]]) -> None:
    rules = reader.Reader(entries)
    idle = [symbol for symbol, entry in entries.items() if entry.get("until") != "2.7" and not rules.works(symbol)]
    partly = [symbol for symbol in idle if not entries[symbol].get("micro")]
    assert partly == []


def test_since_is_not_after_until(entries: dict[str, dict[str, Any]]) -> None:
    def number(version: str) -> tuple[int, ...]:
        return tuple(map(int, version.split(".")))

    turned = [s for s, e in entries.items() if number(e.get("since", "0.0")) > number(e.get("until", "9.9"))]
    assert turned == []


def test_bases_are_not_circular(entries: dict[str, dict[str, Any]]) -> None:
    def reaches_itself(start: str) -> bool:
        open_ones, seen = list(entries[start].get("bases", ())), set()
        while open_ones:
            base = open_ones.pop()
            if base not in seen:
                seen.add(base)
                open_ones += entries.get(base, {}).get("bases", ())
        return start in seen

    assert [symbol for symbol in entries if reaches_itself(symbol)] == []


@pytest.mark.parametrize("version", [f"3.{minor}" for minor in range(6, 14)])
def test_sample_on_the_interpreter(version: str, entries: dict[str, dict[str, Any]]) -> None:
    found = next((each for each in interpreters.find() if each.version == version and not each.is_pyodide), None)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no CPython {version} here")
        pytest.skip(f"no CPython {version} here")
    questions = {module: [path.split(".") for path in paths] for module, paths in SAMPLE.items()}
    command, asked = [str(found.path), "-I", verify.CHECKER], json.dumps(questions)
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=60, check=True)
    answers = json.loads(done.stdout)
    exact = tuple(map(int, answers.pop("version").split(".")))
    rules, score = reader.Reader(entries), verify.Score()
    for module, answer in answers.items():
        verify.judge(score, module, questions[module], answer, rules, rules.there, exact)
    assert score.wrong == []
    assert score.right >= len(SAMPLE)
