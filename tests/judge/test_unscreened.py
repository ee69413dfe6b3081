"""The screen loses nothing: the rules' checks at every token find no more than those at the anchors' places."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.judge import unscreened
from tools.judge.inputs import rule_examples

LIBRARY = Path(os.__file__).parent
FILES = ["dataclasses.py", "enum.py", "difflib.py", "contextlib.py", "asyncio/queues.py", "asyncio/taskgroups.py"]


def test_examples() -> None:
    wrong = {code: lost for code in rule_examples() if (lost := unscreened.lost(code))}
    assert not wrong


@pytest.mark.parametrize("name", FILES)
def test_real_code(name: str) -> None:
    path = LIBRARY / name
    if not path.exists():
        pytest.skip(f"this Python has no {name}")
    assert unscreened.lost(path.read_bytes()) == []


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        (b"with a as b, c: pass", {"with"}),
        (b"print x", {"print"}),
        (b"x = 'a\\d'", {"\\", "string_start"}),
        (b"f(a, *b)", {"*", "identifier"}),
    ],
)
def test_tokens_of_a_source(code: bytes, kinds: set[str]) -> None:
    from compatcheck.analyze.tree import Tree

    assert kinds <= {kind for kind, _ in unscreened.tokens(Tree(code))}


def test_what_an_anchor_loses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from compatcheck.analyze.screen import Screen

    unscreened._rules_by_kind()  # the kinds are learned with the anchors
    monkeypatch.setattr(unscreened, "_screen", lambda: Screen(()))
    assert unscreened.lost(b"\nx = [a @ b]\n") == [("matrix-multiplication", "plain", 2)]
