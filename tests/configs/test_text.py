"""Files as texts: broken YAML, traps, limits, and the places of what is found."""

from __future__ import annotations

import pytest

from tests.configs.conftest import ANVIL, Config, brief

_BOMB = "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}' if n else 'a'] * 9)}]\n" for n in range(9))
HOSTILE = {
    "alias bomb": _BOMB,
    "merge bomb": "a0: &a0 {k: v}\n"
    + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 50)),
    "endless alias": "a: &a [*a]\n",
    "deep flow": "a: " + "[" * 100_000,
    "deep mapping": "{a: " * 100_000,
    "deep items": "- " * 100_000,
    "deep question": "? " * 100_000,
    "huge integer": "name: " + "9" * 1_000_000,
    "object": "name: !!python/object/apply:os.system [echo hacked]\n",
    "new": "name: !!python/object/new:type [a]\n",
    "binary": bytes(range(256)) * 100,
    "many values": "- a\n" * 2_000_000,
    "many anchors": "".join(f"- &a{n} x\n" for n in range(300_000)),
    "long line": "name: '" + "a" * 7_000_000,
    "long keys": "".join(f"{'k' * 2_000}{n}: 1\n" for n in range(1_000)),
    "brackets": "a: [" + "]" * 1_000_000,
    "fifty megabytes": b"name: a\n" * (50 << 17),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_a_finding(name: str, config: Config) -> None:
    found = config(HOSTILE[name])
    assert found and all(one["kind"] == "config" for one in found)
    assert any(one["severity"] == "error" for one in found)
    assert all(len(one["message"]) < 1_000 for one in found)


def test_every_mistake_at_once(config: Config) -> None:
    text = ANVIL + "servces: []\nallow_embedding: 'x'\ndb_schema:\n  a:\n    columns:\n    - {name: 1, type: strng}\n"
    assert brief(config(text)) == [
        ("unknown-key", 4),
        ("wrong-type", 5),
        ("wrong-type", 9),
        ("wrong-value", 9),
    ]


def test_places_count_characters_and_lines_as_editors_do(config: Config) -> None:
    text = "name: Übung😀\r\nmetadata: {title: 'ü', description: [1]}\rrenamed: ü\n"
    found = config(text.encode("utf-8"))
    assert [(one["line"], one["column"], one["end_column"]) for one in found] == [(2, 24, 35), (3, 10, 11)]
    assert found[1]["excerpt"] == "renamed: ü"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(encoding: str, config: Config) -> None:
    found = config("name: [ü]\n".encode(encoding))
    assert [(one["rule"], one["line"], one["column"]) for one in found] == [("wrong-type", 1, 1)]


def test_the_path_what_was_expected_and_the_nearest_word(config: Config) -> None:
    text = ANVIL + "db_schema:\n  tasks:\n    columns:\n    - {name: a, type: bool}\n    - {name: b, type: datetim}\n"
    (found,) = config(text)
    assert found["symbol"] == "db_schema.tasks.columns[1].type"
    assert "`db_schema.tasks.columns[1].type` must be `string`, " in found["message"]
    assert found["message"].endswith("and is `datetim`")
    assert found["instead"] == "Did you mean `datetime`?"
    assert (found["line"], found["column"], found["end_column"]) == (8, 23, 30)


def test_a_word_that_is_no_text_says_how_to_make_it_text(config: Config) -> None:
    (found,) = config("name: no\n")
    assert (found["rule"], found["instead"]) == ("wrong-type", "Quote it: 'no'.")


def test_every_tab_is_told(config: Config) -> None:
    found = config("metadata:\n\ttitle: a\n\tdescription: b\n")
    assert brief(found) == [("tab-indentation", 2), ("tab-indentation", 3)]


def test_a_tab_in_a_block_of_text_is_no_mistake(config: Config) -> None:
    assert config(ANVIL + "native_deps:\n  head_html: |\n    <script>\n    \tlet a = 1\n    </script>\n") == []


def test_halves_of_characters_as_java_writes_them(config: Config) -> None:
    assert config(ANVIL + 'metadata: {title: "\\ud83d\\ude00 \\\\ud83d"}\n') == []


def test_where_a_bracket_was_left_open(config: Config) -> None:
    assert brief(config("name: Shop\nservices: [a, b\nrenamed: true\n")) == [("unparsable-config", 2)]
    assert brief(config("name: 'Shop\nservices: []\nrenamed: true\n")) == [("unparsable-config", 1)]


def test_comments_silence(config: Config) -> None:
    text = "name: []  # compatcheck: ignore[wrong-type] it is so\n# compatcheck: ignore\nrenamed: yes\nallow_embedding: no\n"
    found = config(text)
    assert brief(found) == [("ambiguous-scalar", 4)]


def test_merges_are_merged(config: Config) -> None:
    text = (
        ANVIL
        + "x-1: &c {type: strng, name: a}\ndb_schema:\n  t:\n    columns:\n    - {<<: *c, name: b}\n    - {<<: *c}\n"
    )
    found = [one for one in config(text) if one["severity"] == "error"]
    assert [(one["rule"], one["symbol"], one["line"]) for one in found] == [
        ("wrong-value", "db_schema.t.columns[0].type", 4),
        ("wrong-value", "db_schema.t.columns[1].type", 4),
    ]
