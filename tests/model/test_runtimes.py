"""Runtime sets and the targets that people write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet, UnknownTarget
from compatcheck.rulebook import load_rulebook

RUNTIMES = load_rulebook().runtimes
ALL = RUNTIMES.names(RUNTIMES.cpython3)
SETS = st.integers(0, RUNTIMES.cpython3.bits).map(lambda bits: RuntimeSet(bits & RUNTIMES.cpython3.bits))


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        ("3.7", ("3.7",)),
        ("3.7.2", ("3.7",)),
        (" 3.8-3.10 ", ("3.8", "3.9", "3.10")),
        ("3.8–3.10", ("3.8", "3.9", "3.10")),
        ("3.13+", ("3.13", "3.14", "3.15")),
        (">=3.8,<3.11", ("3.8", "3.9", "3.10")),
        (">=3.7.2,<3.9", ("3.7", "3.8")),
        (">3.7,<3.9", ("3.7", "3.8")),  # 3.7.1 is more than 3.7
        ("~=3.13", ("3.13", "3.14", "3.15")),
        ("==3.9.*", ("3.9",)),
        (">=3.12,!=3.13.*", ("3.12", "3.14", "3.15")),
    ],
)
def test_a_spec_names_its_runtimes(spec: str, names: tuple[str, ...]) -> None:
    assert RUNTIMES.names(RUNTIMES.parse(spec).runtimes) == names


@pytest.mark.parametrize(
    "spec", ["", "3", "3.99", "2.7", "4.0", "3.9-3.8", "<3", ">=3.8,<3.8", ">=banana", "nothing", "3.x"]
)
def test_what_names_nothing_is_refused(spec: str) -> None:
    with pytest.raises(UnknownTarget, match="target"):
        RUNTIMES.parse(spec)


def test_a_guaranteed_micro_release_is_kept() -> None:
    assert RUNTIMES.parse(">=3.8.17,<3.9").micros == {(3, 8): 17}
    assert RUNTIMES.parse("3.8.17").micros == {(3, 8): 17}
    assert RUNTIMES.parse("3.8").micros == {}


@given(SETS)
def test_a_specifier_says_the_set_it_was_made_from(runtimes: RuntimeSet) -> None:
    specifier = RUNTIMES.specifier(runtimes)
    if specifier is None:
        assert runtimes == NO_RUNTIMES
    else:
        assert RUNTIMES.parse(specifier).runtimes == runtimes


@given(SETS)
def test_a_phrase_names_every_end(runtimes: RuntimeSet) -> None:
    phrase = RUNTIMES.phrase(runtimes)
    names = RUNTIMES.names(runtimes)
    assert bool(phrase) == bool(names)
    if names:
        assert phrase.startswith(names[0])
        assert phrase.endswith(names[-1])


@given(SETS, SETS)
def test_sets_are_sets(one: RuntimeSet, other: RuntimeSet) -> None:
    first, second = set(RUNTIMES.names(one)), set(RUNTIMES.names(other))
    assert set(RUNTIMES.names(one & other)) == first & second
    assert set(RUNTIMES.names(one | other)) == first | second
    assert set(RUNTIMES.names(one - other)) == first - second
    assert (one <= other) == (first <= second)
    assert len(one) == len(first)
