"""The hash of a line is the one that GitHub's upload action works out, character by character."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import compatcheck
from compatcheck.run.line_hashes import line_hasher

_TEXT = st.text(st.sampled_from("ab \t\n\r\nx𝒳é\ufeff"), max_size=400)


def rolled(text: str) -> list[str]:
    """The algorithm as it is told: a window of 100 characters that rolls over the file, blanks left out."""
    raw = text.encode("utf-16-be", "surrogatepass")
    units = [*(int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)), 0xFFFF]
    window, starts = [0] * 100, [False] * 100
    index, value, at_start, after_cr = 0, 0, True, False
    hashes: list[str] = []
    seen: Counter[int] = Counter()

    def put(unit: int, starts_line: bool) -> None:
        nonlocal index, value
        if starts[index]:
            seen[value] += 1
            hashes.append(f"{value:x}:{seen[value]}")
        starts[index] = starts_line
        value = (value * 37 + unit - window[index] * 37**100) % (1 << 64)
        window[index], index = unit, (index + 1) % 100

    for unit in units:
        if unit in (0x20, 0x09) or (after_cr and unit == 0x0A):
            after_cr = False
            continue
        after_cr = unit == 0x0D
        unit = 0x0A if after_cr else unit
        put(unit, at_start)
        at_start = unit == 0x0A
    for _ in range(100):
        put(0, False)
    return hashes


@settings(deadline=None)  # other work on the machine is no failure
@given(_TEXT)
def test_every_line_has_the_hash_of_the_rolling_window(text: str) -> None:
    hash_of = line_hasher(text.encode())
    expected = rolled(text)
    assert [hash_of(number) for number in range(1, len(expected) + 1)] == expected
    assert hash_of(len(expected) + 1) is None


def test_known_values() -> None:
    """Values that GitHub's own tests name: the end of a file, and what a line of `c`, then ` d` before it gives."""
    assert line_hasher(b"")(1) == "c129715d7a2bc9a3:1"
    assert line_hasher(b"a\n" * 3)(4) == "c129715d7a2bc9a3:1"


def test_findings_carry_it_and_notebooks_do_not(tmp_path: Path) -> None:
    source = "x = 1\n" + "(n := 1)\n" * 60
    report = compatcheck.check_source(source, ["3.7"])
    assert [one.line_hash for one in report.findings] == rolled(source)[1:61]
    (tmp_path / "a.py").write_text(source)
    assert [one.line_hash for one in compatcheck.check_paths([tmp_path], ["3.7"]).findings] == rolled(source)[1:61]
