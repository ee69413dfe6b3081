"""Comments silence what they mean, nothing else, and tell when they are wrong."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from compatcheck import check_source
from compatcheck.analyze.comments import comments_of
from compatcheck.analyze.tree import Tree
from compatcheck.model.problems import Comment
from compatcheck.model.report import Finding
from compatcheck.rulebook import load_rulebook
from compatcheck.rulebook.catalog import RulePage, all_rules
from compatcheck.run.suppress import KINDS, Names, Selection, Silenced, silence, silence_troubles

RULES = frozenset({"walrus", "match", "unused-suppression"})


def is_target(spec: str) -> bool:
    return spec[:1] in tuple("<>=3")


def comments(source: str) -> tuple[Comment, ...]:
    code = source.encode()
    return comments_of(code, Tree(code))


def found(line: int, end_line: int | None = None, rule: str = "walrus", kind: str = "syntax") -> Finding:
    return Finding(rule, kind, "error", "certain", "m", "a.py", line, 1, end_line or line, 2)


def run(source: str, *findings: Finding, idle: Iterable[str] = ()) -> Silenced:
    return silence(findings, comments(source), Names(RULES | KINDS, frozenset(idle), is_target))


def told(silenced: Silenced) -> list[tuple[str, tuple[str, ...]]]:
    return [(trouble.rule, trouble.names) for trouble in silenced.troubles]


@pytest.mark.parametrize(
    "comment",
    [
        "# compatcheck: ignore[walrus]",
        "# compatcheck: ignore[walrus] it is guarded",
        "#compatcheck:ignore[ walrus ]",
        "# compatcheck: ignore[syntax]",
        "# compatcheck: ignore[match, walrus]",
        "# compatcheck: ignore",
        "# type: ignore  # compatcheck: ignore[walrus]  # noqa",
        "# novm",
        "# novermin because",
        "# noqa # novm",
    ],
)
def test_a_comment_beside_its_line_silences_it(comment: str) -> None:
    silenced = run(f"x = 1\n(n := 1)  {comment}\n", found(2), found(1))
    assert [finding.line for finding in silenced.findings] == [1]
    assert [one.finding.line for one in silenced.suppressed] == [2]
    assert silenced.suppressed[0].by.endswith("(line 2)")


@pytest.mark.parametrize(
    "comment",
    [
        "# compatcheck: ignore[match]",
        "# compatcheck: ignore[module]",
        "# compatcheck: reachable(>=3.8)",
        "# compatcheck: ignore[]",
        "# compatcheck: ignore[walrus",
        "# compatcheck: ignorewalrus",
        "# noqa",
        "# novmx",
        "# compatible",
        '"# compatcheck: ignore[walrus]"',
    ],
)
def test_what_does_not_mean_it_silences_nothing(comment: str) -> None:
    assert len(run(f"(n := 1)  {comment}\n", found(1)).findings) == 1


def test_an_own_line_speaks_for_the_next_statement() -> None:
    source = "# compatcheck: ignore[walrus]\n# why\n\nx = f(\n    (n := 1),\n)\n(m := 2)\n"
    silenced = run(source, found(5), found(7))
    assert [finding.line for finding in silenced.findings] == [7]


def test_of_a_compound_statement_only_the_head() -> None:
    source = "# compatcheck: ignore[walrus]\n@d(a := 1)\ndef f(\n    b=(c := 2),\n):\n    (e := 3)\n"
    silenced = run(source, found(2), found(4), found(6))
    assert [finding.line for finding in silenced.findings] == [6]


def test_vermins_comments_hold_for_the_body_too() -> None:
    for source in ("if x:  # novm\n    (a := 1)\n(b := 2)\n", "# novm\nif x: pass\n"):
        silenced = run(source, found(2), found(3))
        assert [finding.line for finding in silenced.findings] == [3]


def test_any_line_of_a_long_finding_will_do() -> None:
    source = "match x:\n    case 1:\n        pass  # compatcheck: ignore[match]\n"
    assert run(source, found(1, 3, "match")).findings == []
    assert run("f(\n  a,  # compatcheck: ignore[match]\n b\n)", found(1, 4, "match")).findings == []


def test_the_innermost_of_nested_findings_is_meant() -> None:
    source = "match x:\n    case 1:\n        match y:  # compatcheck: ignore[match]\n            case 2: pass\n"
    silenced = run(source, found(1, 4, "match"), found(3, 4, "match"))
    assert [finding.line for finding in silenced.findings] == [1]


def test_ignore_file_holds_everywhere() -> None:
    silenced = run("(n := 1)\nx\n# compatcheck: ignore-file[walrus]\n", found(1), found(2, rule="match"))
    assert [finding.rule for finding in silenced.findings] == ["match"]
    assert silenced.troubles == []


def test_findings_without_a_place_are_silenced_for_the_file_only() -> None:
    bare = Finding("walrus", "syntax", "error", "certain", "m", "a.py")
    assert run("x  # compatcheck: ignore[walrus]\n", bare).findings == [bare]
    assert run("# compatcheck: ignore-file[walrus]\n", bare).findings == []


@pytest.mark.parametrize(
    ("comment", "troubles"),
    [
        ("ignore[walrus]", []),
        ("ignore[walrus, match]", [("unused-suppression", ("match",))]),
        ("ignore[match]", [("unused-suppression", ("match",))]),
        ("ignore[walrsu]", [("unknown-suppression", ("walrsu",))]),
        ("ignore[walrsu, walrus]", [("unknown-suppression", ("walrsu",))]),
        ("ignore[walrsu, match]", [("unknown-suppression", ("walrsu",)), ("unused-suppression", ("match",))]),
        ("ignore-file[module]", [("unused-suppression", ("module",))]),
        ("ignroe[walrus]", [("malformed-suppression", ())]),
        ("ignore[walrus", [("malformed-suppression", ())]),
        ("ignore[]", [("malformed-suppression", ())]),
        ("ignore[walrus,]", [("malformed-suppression", ())]),
        ("reachable", [("malformed-suppression", ())]),
        ("reachable()", [("malformed-suppression", ())]),
        ("reachable(three)", [("malformed-suppression", ())]),
        ("reachable(>=3.8)", []),
        ("reachable(3.8-3.10)", []),
        ("", [("malformed-suppression", ())]),
    ],
)
def test_mistakes_in_comments_are_told(comment: str, troubles: list[tuple[str, tuple[str, ...]]]) -> None:
    assert told(run(f"(n := 1)  # compatcheck: {comment}\n", found(1))) == troubles


def test_a_comment_without_names_is_unused_when_nothing_is_there() -> None:
    assert told(run("x = 1  # compatcheck: ignore\n")) == [("unused-suppression", ())]
    assert told(run("x = 1  # novm\n")) == []


def test_rules_that_cannot_fire_are_not_unused() -> None:
    assert told(run("(n := 1)  # compatcheck: ignore[walrus]\n", idle={"walrus"})) == []


def test_comments_about_comments() -> None:
    source = "x  # compatcheck: ignore[match, unused-suppression]\n"
    assert told(run(source)) == [("unused-suppression", ("match",))]
    trouble = found(1, rule="unused-suppression", kind="suppression")
    done = silence_troubles([trouble], comments(source))
    assert (done.findings, done.troubles) == ([], [])
    assert len(done.suppressed) == 1
    assert silence_troubles([trouble], comments("x  # compatcheck: ignore\n")).findings == [trouble]


def test_another_cell_is_another_place() -> None:
    (comment,) = comments("(n := 1)  # compatcheck: ignore[walrus]\n")
    other = Finding("walrus", "syntax", "error", "certain", "m", "a.ipynb", 1, 1, 1, 2, cell=2)
    assert silence([other], [comment], Names(RULES)).findings == [other]


@pytest.mark.parametrize(
    ("select", "ignore", "wanted"),
    [
        ((), (), True),
        (("walrus",), (), True),
        (("syntax",), (), True),
        (("match",), (), False),
        ((), ("walrus",), False),
        ((), ("syntax",), False),
        (("walrus",), ("syntax",), False),
        ((), ("match", "module"), True),
    ],
)
def test_selection_by_rule_and_kind(select: tuple[str, ...], ignore: tuple[str, ...], wanted: bool) -> None:
    assert Selection(frozenset(select), frozenset(ignore)).wants("walrus", "syntax") is wanted


# The baseline has its own tests.
ABOUT_COMMENTS = [
    rule for rule in all_rules(load_rulebook().runtimes) if rule.kind == "suppression" and rule.id != "stale-baseline"
]


@pytest.mark.parametrize("rule", ABOUT_COMMENTS, ids=lambda rule: rule.id)
def test_the_rules_about_comments_carry_their_tests(rule: RulePage) -> None:
    assert rule.message and rule.reason and rule.instead
    assert rule.severity == "warning"
    for example in rule.examples["wrong"]:
        report = check_source(example, ["3.7"])
        assert rule.id in [finding.rule for finding in report.findings], example
    for example in rule.examples.get("works", ()):
        assert [finding.kind for finding in check_source(example, ["3.7"]).findings if finding.kind == rule.kind] == []


def test_there_are_rules_about_comments() -> None:
    assert {rule.id for rule in ABOUT_COMMENTS} == {
        "unused-suppression",
        "unknown-suppression",
        "malformed-suppression",
    }
