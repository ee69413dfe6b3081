"""The text report: what stands where, carets under their spans, nothing that a terminal would obey."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.cells import cell_len

from compatcheck.model.report import Finding, Report
from compatcheck.model.source import Unreadable
from compatcheck.report import FORMATS, View
from compatcheck.report.excerpt import excerpt_of
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase

Make = Callable[..., Report]
text = FORMATS["text"]


def test_a_finding_shows_place_source_versions_and_what_to_do(make_report: Make, walrus: Finding) -> None:
    assert text(make_report(walrus)) == (
        "app/cache.py\n"
        "  12:5   error: assignment expression `:=` needs Python 3.8 [assignment-expression]\n"
        "     12 | if (n := 1):\n"
        "        |     ^^^^^^\n"
        "        fails on 3.7\n"
        "        instead: Assign before the test.\n"
        "\n"
        "target  errors  warnings\n"
        "3.7          1         0\n"
        "3.8          0         0  ok\n"
        "\n"
        "1 error in 1 of 2 files.\n"
    )


def test_findings_stand_under_their_file(make_report: Make, walrus: Finding) -> None:
    shown = text(make_report(walrus, replace(walrus, path="b.py"), replace(walrus, line=20)))
    assert [line for line in shown.splitlines() if line.endswith(".py")] == ["app/cache.py", "b.py"]
    assert shown.index("20:5") < shown.index("b.py")


def test_a_clean_run_is_one_line(make_report: Make) -> None:
    assert text(make_report()) == "All checks passed: 2 files on 3.7–3.8.\n"
    assert text(make_report(), View(quiet=True)) == ""


def test_no_files_is_not_called_a_success(make_report: Make) -> None:
    assert text(make_report(files=())).startswith("Nothing to check")


def test_what_could_not_be_checked_is_told_even_when_quiet(make_report: Make) -> None:
    report = make_report(unreadable=(Unreadable("a\x1b.py", "permission denied"),))
    for view in (View(), View(quiet=True)):
        assert "a\\x1b.py: permission denied" in text(report, view)
        assert "passed" not in text(report, view)
    assert "1 not checked" in text(report)


def test_quiet_leaves_the_findings_only(make_report: Make, walrus: Finding) -> None:
    shown = text(make_report(walrus), View(quiet=True))
    assert "12:5" in shown
    assert "target" not in shown
    assert "1 of 2" not in shown


def test_verbose_adds_works_reach_evidence_and_the_silenced(full_report: Report, walrus: Finding) -> None:
    report = replace(full_report, findings=(replace(walrus, evidence=("no guard",), symbol="n"),))
    plain, verbose = text(report), text(report, View(verbose=True))
    for detail in ("works on: >=3.8", "reached on: >=3.7,<3.10", "because: no guard", "name: n", "app/cache.py:12: "):
        assert detail in verbose
        assert detail not in plain
    assert "1 silenced" in plain


def test_statistics_count_rules_in_place_of_findings(make_report: Make, walrus: Finding) -> None:
    other = replace(walrus, rule="match-statement", severity="warning")
    shown = text(make_report(walrus, walrus, other), View(statistics=True))
    assert shown.splitlines()[:2] == ["      2  error    assignment-expression", "      1  warning  match-statement"]
    assert "12:5" not in shown


def test_colour_only_when_asked(make_report: Make, walrus: Finding) -> None:
    report = make_report(walrus)
    assert "\x1b" not in text(report)
    coloured = text(report, View(color=True))
    assert "\x1b[1;31merror\x1b[0m" in coloured
    assert _without_styles(coloured) == text(report)


def _without_styles(shown: str) -> str:
    from rich.text import Text

    return Text.from_ansi(shown).plain


def test_a_doubtful_finding_says_so(make_report: Make, walrus: Finding) -> None:
    shown = text(make_report(replace(walrus, confidence="likely", severity="warning")))
    assert "concerns 3.7 (likely)" in shown


def test_a_finding_without_place_has_no_source(make_report: Make, walrus: Finding) -> None:
    bare = replace(walrus, line=None, column=None, end_line=None, end_column=None, excerpt=None)
    assert text(make_report(bare)).splitlines()[1].startswith("  -      error: ")


def test_a_notebook_finding_names_its_cell(make_report: Make, walrus: Finding) -> None:
    assert "  cell 3, 12:5 error" in text(make_report(replace(walrus, cell=3)))


def test_hostile_text_is_neutralised_everywhere(make_report: Make, walrus: Finding) -> None:
    evil = "\x1b]0;gone\x07\r\u202e\x9b2J\u2028"
    hostile = replace(
        walrus, path=f"{evil}.py", excerpt=f"{evil} x", message=evil, instead=evil, evidence=(evil,), symbol=evil
    )
    report = make_report(hostile, unreadable=(Unreadable(evil, evil),))
    shown = text(report, View(verbose=True))
    assert shown.replace("\n", "").isprintable()
    assert "\\x1b]0;gone\\x07\\x0d\\u202e\\x9b2J\\u2028.py" in shown


def test_harmless_keeps_real_words() -> None:
    assert harmless("naïve 日本語 👩\u200d💻") == "naïve 日本語 👩\u200d💻"
    assert harmless("\ud800") == "\\ud800"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["3.7"], "3.7"),
        (["3.7", "3.8", "3.9"], "3.7–3.9"),
        (["2.7", "3.0", "3.9", "3.10"], "2.7, 3.0 and 3.9–3.10"),
        (["3.7", "3.9", "anvil-client"], "3.7, 3.9 and anvil-client"),
    ],
)
def test_versions_read_as_ranges(names: list[str], words: str) -> None:
    assert phrase(names) == words


@pytest.mark.parametrize(
    ("line", "column", "end_column", "marked"),
    [
        ("if (n := 1):", 5, 11, "n := 1"),
        ("\tx\t= (n := 1)", 7, 13, "n := 1"),
        ("日本 = '日本'; (é := '語')", 13, 21, "é := '語'"),
        ("a\u0301 = (n := 1)", 7, 13, "n := 1"),
        ("x" * 300 + "(n := 1)" + "y" * 300, 302, 308, "n := 1"),
        ("(n := 1)" + "y" * 300, 2, 8, "n := 1"),
        ("x" * 300 + "(n := 1)", 302, 308, "n := 1"),
        ("\x1b[2J(n := 1)", 6, 12, "n := 1"),
        ("語" * 100 + "n := 1" + "語" * 100, 101, 107, "n := 1"),
        ("x = 1", 6, 7, ""),
        ("x = 1", 99, 3, ""),
        ("", 1, 1, ""),
    ],
)
def test_the_caret_lies_under_its_span(line: str, column: int, end_column: int, marked: str) -> None:
    shown = excerpt_of(line, column, end_column, 60)
    assert shown.marked == marked
    assert cell_len(shown.before + shown.marked + shown.after) <= 60
    assert shown.caret == " " * cell_len(shown.before) + "^" * max(cell_len(marked), 1)


def test_a_long_line_is_cut_on_the_sides_that_are_long() -> None:
    both = excerpt_of("x" * 300 + "(n := 1)" + "y" * 300, 302, 308, 60)
    assert both.before.startswith("…x")
    assert both.after.endswith("y…")
    left = excerpt_of("x" * 300 + "(n := 1)", 302, 308, 60)
    assert left.after == ")"
    long_span = excerpt_of("f(" + "z" * 500 + ")", 3, 503, 60)
    assert long_span.before == "f("
    assert long_span.marked.endswith("z…")


def test_a_span_over_several_lines_is_marked_to_the_end_of_the_first(make_report: Make, walrus: Finding) -> None:
    shown = text(make_report(replace(walrus, excerpt="match x:  ", column=1, end_line=14, end_column=3)))
    assert "        | ^^^^^^^^\n" in shown


def test_plain_text_needs_no_rich() -> None:
    code = (
        "import sys; from compatcheck import check_source; from compatcheck.report import FORMATS;"
        "print(FORMATS['text'](check_source('(n := 1)', ['3.7']))); sys.exit('rich' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0
