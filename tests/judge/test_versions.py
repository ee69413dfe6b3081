"""Versions as people write them."""

from __future__ import annotations

import pytest

from tools.judge.versions import parse, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.7", ["3.7"]),
        ("3.8-3.11", ["3.8", "3.9", "3.10", "3.11"]),
        ("3.13+", ["3.13", "3.14", "3.15"]),
        ("3.10, 2.7,3.9-3.10", ["2.7", "3.9", "3.10"]),
    ],
)
def test_parse(text: str, expected: list[str]) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["", "3", "3.8-", "3.8-4.1", "x"])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match=r"write 3\.7"):
        parse(text)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ([], "none"),
        (["3.8"], "3.8"),
        (["2.7", "3.6", "3.8", "3.9"], "2.7 3.6 3.8-3.9"),
        (["3.9", "2.7", "3.10", "3.8"], "2.7 3.8-3.10"),
    ],
)
def test_shown_as_intervals_of_the_judged(chosen: list[str], expected: str) -> None:
    assert shown(chosen, ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10"]) == expected
