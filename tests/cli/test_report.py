"""`compatcheck report`: reports to other forms without the code, several as one, two against each other, many over time."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as xml

import pytest

from compatcheck.report import FORMATS
from compatcheck.report.as_json import as_json, from_json
from tests.cli.conftest import Call
from tests.report.conftest import WALRUS, report_of

CODE = "import math\nif (n := 1): pass\nprint(math.lcm(2, 3))\n"


@pytest.fixture
def checked(call: Call, folder: Path) -> Path:
    """A project, checked for each version by a job of its own: 3.7.json, 3.8.json and 3.9.json."""
    (folder / "a.py").write_text(CODE)
    (folder / "b.py").write_text("x = 1\nimport math\nx = math.lcm(1)  # compatcheck: ignore[missing-name] old\n")
    for version in ("3.7", "3.8", "3.9"):
        call("--target", version, "--format", f"json:{version}.json", ".")
    return folder


def load(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_convert_gives_what_check_gives(call: Call, checked: Path, name: str) -> None:
    direct = call("--target", "3.7", "--format", name, "--format", "json:r.json", ".").out
    for path in checked.glob("*.py"):
        path.unlink()
    done = call("report", "convert", "r.json", "--format", name)
    assert (done.code, done.err) == (0, "")
    assert done.out == direct


def test_convert_reads_standard_input(call: Call, checked: Path) -> None:
    argv = [sys.executable, "-m", "compatcheck", "report", "convert", "-", "--format", "concise"]
    done = subprocess.run(argv, input=(checked / "3.7.json").read_bytes(), capture_output=True, check=True)
    assert done.stdout.startswith(b"a.py:2:5: error: ")


def test_every_file_that_is_no_report_is_told(call: Call, folder: Path) -> None:
    (folder / "a.json").write_text("{}")
    done = call(
        "report", "merge", "a.json", "gone.json", "--format", "nope", "--tests", "3.8", "--tests", "3.8=none.xml"
    )
    assert done.code == 2
    for said in (
        "a.json: not a compatcheck report",
        "gone.json: No such file",
        "unknown format",
        "VERSION=FILE",
        "none.xml",
    ):
        assert said in done.err


def test_merge_is_what_one_run_on_all_targets_gives(call: Call, checked: Path) -> None:
    one = load(call("--target", "3.7-3.9", "--format", "json", ".").out)
    many = load(call("report", "merge", "3.9.json", "3.7.json", "3.8.json", "--format", "json").out)
    for finding in (*one["findings"], *many["findings"]):
        del finding["reach"]  # where a job found nothing, it does not say who gets there
    for key in ("findings", "files", "unreadable", "rules"):
        assert many[key] == one[key], key
    assert [each["path"] for each in many["suppressed"]] == ["b.py"]
    for key in ("by_runtime", "by_rule", "by_severity", "compatible", "files", "findings"):
        assert many["summary"][key] == one["summary"][key], key
    assert many["run"]["targets"] == ["3.7", "3.8", "3.9"]


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (">=3.7,<3.8", ">=3.8,<3.9", ">=3.7,<3.9"),
        (">=3.7,<3.8", ">=3.9,<3.10", ">=3.7,<3.10,!=3.8.*"),
        ("<3.8", ">=3.8", ">=3.0"),
        (None, ">=3.9", ">=3.9"),
    ],
)
def test_the_reach_of_several_jobs_is_united(
    call: Call, folder: Path, one: str | None, other: str | None, both: str
) -> None:
    for name, reach in (("a", one), ("b", other)):
        (folder / f"{name}.json").write_text(as_json(report_of(replace(WALRUS, reach=reach))))
    (finding,) = load(call("report", "merge", "a.json", "b.json", "--format", "json").out)["findings"]
    assert finding["reach"] == both


def junit(folder: Path, name: str, **failures: str) -> str:
    """JUnit XML of two tests; `failures` by test."""
    suite = xml.Element("testsuite", name="pytest")
    for test in ("test_one", "test_two"):
        case = xml.SubElement(suite, "testcase", classname="tests.test_a", name=test)
        if test in failures:
            xml.SubElement(case, "failure", message=failures[test].splitlines()[0]).text = failures[test]
    (folder / name).write_bytes(xml.tostring(suite))
    return name


LCM = """AttributeError: module 'math' has no attribute 'lcm'
/home/ci/work/a.py:3: in <module>
    print(math.lcm(2, 3))
E   AttributeError: module 'math' has no attribute 'lcm'"""
SYNTAX = """E     File "/home/ci/work/a.py", line 2
E       if (n := 1): pass
E   SyntaxError: invalid syntax"""


def test_merge_joins_failing_tests_with_what_explains_them(call: Call, checked: Path) -> None:
    tests = [
        f"3.7={junit(checked, 't7.xml', test_one=SYNTAX, test_two=LCM)}",
        f"3.8={junit(checked, 't8.xml', test_two=LCM)}",
        f"3.9={junit(checked, 't9.xml', test_one='assert 1 == 2')}",
    ]
    argv = [word for each in tests for word in ("--tests", each)]
    reports = ("3.7.json", "3.8.json", "3.9.json")
    data = load(call("report", "merge", *reports, *argv, "--format", "json").out)
    rules = {one["fingerprint"]: one["rule"] for one in data["findings"]}
    told = {
        (run["runtime"], one["name"]): (
            [rules[name] for name in one["explained_by"]], one["path"], one["line"], one["only_here"],
        )
        for run in data["tests"] for one in run["failures"]
    }  # fmt: skip
    assert told == {
        ("3.7", "tests.test_a::test_one"): (["assignment-expression"], "a.py", 2, True),
        ("3.7", "tests.test_a::test_two"): (["missing-name"], "a.py", 3, True),
        ("3.8", "tests.test_a::test_two"): (["missing-name"], "a.py", 3, True),
        ("3.9", "tests.test_a::test_one"): ([], None, None, True),
    }
    assert [(run["passed"], run["failed"]) for run in data["tests"]] == [(0, 2), (1, 1), (1, 1)]
    shown = call("report", "merge", *reports, *argv).out
    assert "1. Fixing `a.py` gives 3.7–3.8\n" in shown
    assert "| `tests.test_a::test_two` | 3.8 only | `a.py:3:12` `math.lcm` needs Python 3.9 |" in shown


def test_real_results_of_pytest_are_read(call: Call, checked: Path) -> None:
    (checked / "test_it.py").write_text("import a\ndef test_it(): pass\n")
    (checked / "a.py").write_text("import math\nmath.no_such_thing\n")
    argv = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=j.xml", "test_it.py"]
    assert subprocess.run(argv, cwd=checked, capture_output=True).returncode == 2
    data = load(call("report", "merge", "3.8.json", "--tests", "3.8=j.xml", "--format", "json").out)
    (failure,) = data["tests"][0]["failures"]
    assert (failure["path"], failure["line"]) == ("a.py", 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("<a/>", "no JUnit XML"),
        ("{", "no XML"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><testsuite/>', "document type"),
    ],
)
def test_what_are_no_results_is_told(call: Call, checked: Path, text: str, says: str) -> None:
    (checked / "j.xml").write_text(text)
    done = call("report", "merge", "3.7.json", "--tests", "3.7=j.xml")
    assert done.code == 2
    assert says in done.err


def test_recommendations_come_in_order_of_effect(call: Call, folder: Path) -> None:
    (folder / "a.py").write_text("(n := 1)\n" * 3)
    (folder / "b.py").write_text("import math\nmath.lcm(1)\n" + "def f(a, /): pass\n" * 9)
    done = call("--target", "3.7-3.9", "--format", "json:r.json", ".")
    text = call("report", "convert", "r.json", "--format", "markdown").out
    shown = [line[3:] for line in text.splitlines() if line.startswith("1. ")]
    assert shown == [
        "Fixing `a.py` and `b.py` gives 3.7–3.8",
        "Fixing `b.py` gives 3.8",
        "Replacing `math.lcm` removes 1 finding and gives 3.8",
        "Dropping 3.7–3.8 removes 13 findings",
        "Dropping 3.7 removes 12 findings",
        "Fixing every `positional-only-parameters` removes 9 findings",
        "Fixing every `assignment-expression` removes 3 findings",
    ]
    assert done.code == 1


def test_diff_tells_new_fixed_moved_and_changed(call: Call, folder: Path) -> None:
    moved = replace(WALRUS, path="old.py", line=9, excerpt="moved := 1", fingerprint="00000001")
    fixed = replace(WALRUS, path="fixed.py", excerpt="fixed := 1", fingerprint="00000002")
    graded = replace(WALRUS, path="graded.py", excerpt="graded := 1", fingerprint="00000003")
    new = replace(WALRUS, path="new.py", excerpt="new := 1", fingerprint="00000004")
    (folder / "old.json").write_text(as_json(report_of(WALRUS, moved, fixed, graded)))
    after = (replace(WALRUS, line=80), replace(moved, path="there.py", fingerprint="00000005"),
             replace(graded, fails_on=("3.7", "3.8")), new)  # fmt: skip
    (folder / "new.json").write_text(as_json(report_of(*after)))
    data = load(call("report", "diff", "old.json", "new.json", "--format", "json").out)
    assert [one["path"] for one in data["new"]] == ["new.py"]
    assert [one["path"] for one in data["fixed"]] == ["fixed.py"]
    assert [(pair["before"]["path"], pair["after"]["path"]) for pair in data["moved"]] == [("old.py", "there.py")]
    assert [pair["after"]["path"] for pair in data["changed"]] == ["graded.py"]
    assert (data["kept"], data["lost"], data["gained"]) == (1, ["3.8"], [])
    done = call("report", "diff", "old.json", "new.json")
    assert done.code == 1
    assert done.out.endswith("No longer runs on 3.8.\n1 new, 1 fixed, 1 moved, 1 changed, 1 as before.\n")
    assert call("report", "diff", "new.json", "new.json").code == 0
    assert "### Fixed" in call("report", "diff", "old.json", "new.json", "--format", "markdown").out


def test_trend_of_a_folder(call: Call, folder: Path) -> None:
    (folder / "runs").mkdir()
    for day, count in (("03", 1), ("01", 4), ("02", 2)):
        report = report_of(*[WALRUS] * count)
        report = replace(report, run=replace(report.run, started_at=f"2026-01-{day}T00:00:00+00:00"))
        (folder / "runs" / f"{day}.json").write_text(as_json(report))
    done = call("report", "trend", "runs")
    assert [line.split()[:5] for line in done.out.splitlines()[1:]] == [
        ["2026-01-01", "00:00", "2", "4", "0"],
        ["2026-01-02", "00:00", "2", "2", "0"],
        ["2026-01-03", "00:00", "2", "1", "0"],
    ]
    assert call("report", "trend", "runs", "--format", "svg", "--output", "t.svg").code == 0
    svg = xml.fromstring((folder / "t.svg").read_text())
    assert "from 4 to 1" in (svg.get("aria-label") or "")
    assert len(svg.findall("{http://www.w3.org/2000/svg}circle")) == 6
    assert [row["errors"] for row in json.loads(call("report", "trend", "runs", "--format", "json").out)] == [4, 2, 1]
    assert call("report", "trend", "runs", "--format", "markdown").out.startswith("| time | files |")


def test_trend_without_reports_is_a_mistake(call: Call, folder: Path) -> None:
    assert call("report", "trend", ".").code == 2


def test_reports_of_before_are_read(checked: Path) -> None:
    """What came to the report later may be missing."""
    data = json.loads((checked / "3.7.json").read_text())
    for key in ("rules", "tests"):
        del data[key]
    for one in [*data["findings"], *data["suppressed"]]:
        del one["line_hash"]
    del data["run"]["baseline"]
    assert from_json(json.dumps(data)).findings
