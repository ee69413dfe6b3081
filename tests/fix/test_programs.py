"""A slice of the generated programs: `python -m tools.fixes programs` runs thousands."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.rules.files import absent
from tools.fixes.outputs import known_versions
from tools.fixes.programs import KINDS, differences

COUNT = 12


@pytest.mark.parametrize("kind", KINDS)
def test_programs_print_the_same_before_and_after(kind: str) -> None:
    needed = {"3.7", "3.13", KINDS[kind][1]}
    if missing := needed - set(known_versions()):
        absent(f"no Python {', '.join(sorted(missing))}")
    counts = Counter[str]()
    found = list(differences(kind, range(COUNT), counts=counts))
    assert not found, f"{found[0].before}\n--- after\n{found[0].after}\n--- {found[0].why}"
    assert counts["fixed"] >= COUNT // 2
