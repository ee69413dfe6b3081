"""Every fix's examples: rewritten as they say, once and for all, and printing the same on real interpreters."""

from __future__ import annotations

from functools import cache

import pytest

from compatcheck.fix import Fixes
from tests.rules.files import absent
from tools.fixes.examples import Example, examples
from tools.fixes.outputs import known_versions, outputs

EXAMPLES = list(examples())
FIXED = [each for each in EXAMPLES if each.after is not None]
REFUSED = [each for each in EXAMPLES if each.after is None]
NEWEST = ("3.13", "3.14", "3.15")


@cache
def fixes(target: str) -> Fixes:
    return Fixes([target], unsafe=True)


def ids(example: Example) -> str:
    return example.name


@pytest.mark.parametrize("example", FIXED, ids=ids)
def test_it_is_rewritten_so(example: Example) -> None:
    outcome = fixes(example.target)(example.before)
    assert outcome.after is not None, (outcome.kept, outcome.refused)
    assert outcome.after.decode() == example.after
    again = fixes(example.target)(outcome.after)
    assert again.after is None


@pytest.mark.parametrize("example", REFUSED, ids=ids)
def test_it_is_refused_for_this_reason(example: Example) -> None:
    outcome = fixes(example.target)(example.before)
    assert outcome.after is None
    assert any(example.reason in refusal.reason for refusal in outcome.refused), outcome.refused


@cache
def _printed(version: str, after: bool) -> dict[str, str]:
    """What the examples print that can run on a version; on the newest ones only those that nothing older reads."""
    chosen = [each for each in FIXED if each.runs and (not after or _number(version) >= _number(each.oldest))]
    if version in NEWEST[1:] and not after:
        older = _printed(NEWEST[NEWEST.index(version) - 1], after=False)
        chosen = [each for each in chosen if "Error" in older.get(each.name, "")]
    programs = [each.after or "" if after else each.before for each in chosen]
    return dict(zip((each.name for each in chosen), outputs(version, programs), strict=True))


def _number(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _before(name: str) -> str:
    """What an example prints before: on the newest native Python, or on the first that can read it."""
    for version in NEWEST:
        if version not in known_versions():
            break
        printed = _printed(version, after=False)[name]
        if "Error" not in printed:
            return printed
    if "Error" not in (printed := _printed(_example(name).oldest, after=False)[name]):  # it was removed since
        return printed
    absent("no Python is new enough")
    return ""


def _example(name: str) -> Example:
    return next(each for each in EXAMPLES if each.name == name)


@pytest.mark.parametrize("example", [each for each in FIXED if each.runs], ids=ids)
def test_before_and_after_print_the_same(example: Example) -> None:
    """Before on a new Python; after on the oldest target and on the new one."""
    if example.oldest not in known_versions() or "3.13" not in known_versions():
        absent(f"no Python {example.oldest} or 3.13")
    before = _before(example.name)
    assert before, "an example prints something"
    assert _printed(example.oldest, after=True)[example.name] == before
    assert _printed("3.13", after=True)[example.name] == before
