"""`compatcheck report`: JSON reports to other forms, without checking anything again."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import FINDINGS, PASSED, UsageMistakes
from compatcheck.cli.outputs import deliver, output_mistakes
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, write

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands, Parser
    from compatcheck.model.report import Report
    from compatcheck.report.junit_results import Case

_EXAMPLES = """\
examples:
  compatcheck report convert report.json --format html:report.html
  compatcheck report merge report-*.json --tests 3.8=junit-3.8.xml --format html:report.html
  compatcheck report diff before.json after.json
  compatcheck report trend reports/ --format svg --output trend.svg

exit codes: 0; diff: 1 when there are new errors; 2 usage, and files that are no reports
"""


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "report", "Convert, merge and compare JSON reports, or show their trend.")
    parser.epilog = _EXAMPLES
    actions = parser.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True)
    convert = actions.add_parser("convert", help="another form of a report", allow_abbrev=False)
    convert.add_argument("reports", metavar="FILE", nargs=1, help="a JSON report; - for standard input")
    merge = actions.add_parser(
        "merge", help="one report from those of several jobs, and their tests", allow_abbrev=False
    )
    merge.add_argument("reports", metavar="FILE", nargs="+", help="JSON reports on the same code")
    merge.add_argument(
        "--tests",
        metavar="VERSION=FILE",
        action="append",
        default=[],
        help="JUnit XML of the project's tests on a version; repeatable",
    )
    for one in (convert, merge):
        _add_outputs(one)
    diff = actions.add_parser("diff", help="what is new, fixed, moved or changed", allow_abbrev=False)
    diff.add_argument("reports", metavar="FILE", nargs=2, help="the older and the newer JSON report")
    diff.add_argument("--format", choices=("text", "markdown", "json"), default="text", help="text, markdown or json")
    trend = actions.add_parser("trend", help="reports over time", allow_abbrev=False)
    trend.add_argument("reports", metavar="PATH", nargs="+", help="JSON reports, and folders that hold them")
    trend.add_argument(
        "--format", choices=("text", "markdown", "svg", "json"), default="text", help="text, markdown, svg or json"
    )
    for one in (diff, trend):
        one.add_argument("--output", metavar="FILE", help="write it there instead of printing it")


def _add_outputs(parser: Parser | argparse.ArgumentParser) -> None:
    text = "as for check, html:report.html say; repeatable"
    parser.add_argument("--format", metavar="FORMAT[:FILE]", action="append", default=argparse.SUPPRESS, help=text)
    text = "write the report there instead of printing it"
    parser.add_argument("--output", metavar="FILE", default=argparse.SUPPRESS, help=text)


def run(args: argparse.Namespace) -> int:
    actions: dict[str, Callable[[argparse.Namespace], int]] = {
        "convert": _convert,
        "merge": _merge,
        "diff": _diff,
        "trend": _trend,
    }
    return actions[args.action](args)


def _convert(args: argparse.Namespace) -> int:
    (report,) = _reports(args.reports, output_mistakes(args))
    deliver(report, args, _folder(report))
    return PASSED


def _folder(report: Report) -> str | None:
    """From where people see its paths: here, if it was made on this machine."""
    return os.path.realpath(os.getcwd()) if os.path.isdir(report.run.root) else None


def _merge(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from compatcheck.report.explaining import test_runs
    from compatcheck.report.merging import merged

    mistakes = output_mistakes(args)
    results = list(_results(args.tests, mistakes))
    report = merged(_reports(args.reports, mistakes))
    deliver(replace(report, tests=(*report.tests, *test_runs(report, results))), args, default="markdown")
    return PASSED


def _diff(args: argparse.Namespace) -> int:
    from compatcheck.report.difference_texts import TEXTS
    from compatcheck.report.differences import difference

    old, new = _reports(args.reports)
    found = difference(old, new)
    _write(TEXTS[args.format](found), args.output)
    return FINDINGS if any(one.severity == "error" for one in found.new) else PASSED


def _trend(args: argparse.Namespace) -> int:
    from compatcheck.report.trend import TEXTS, by_time

    files = [file for name in args.reports for file in _in_folder(name)]
    if not files:
        raise UsageMistakes(["there is no JSON report in these folders"])
    _write(TEXTS[args.format](by_time(_reports(files))), args.output)
    return PASSED


def _in_folder(name: str) -> list[str]:
    return sorted(map(str, Path(name).glob("*.json"))) if Path(name).is_dir() else [name]


def _write(text: str, output: str | None) -> None:
    if output is None:
        out(text)
        return
    try:
        write(Path(output), text)
    except OSError as error:
        raise UsageMistakes([f"--output: {output!r} cannot be written: {error.strerror}"]) from error


def _reports(names: Iterable[str], mistakes: Iterable[str] = ()) -> list[Report]:
    """The reports in the files. Raises UsageMistakes with every file that is none."""
    from compatcheck.report.as_json import NotAReport, from_json

    reports, wrong = [], list(mistakes)
    for name in names:
        try:
            reports.append(from_json(_bytes(name)))
        except NotAReport as error:
            wrong.append(f"{name}: {error}")
        except OSError as error:
            wrong.append(f"{name}: {error.strerror}")
    if wrong:
        raise UsageMistakes(wrong)
    return reports


def _bytes(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _results(given: Iterable[str], mistakes: list[str]) -> Iterable[tuple[str, str, list[Case]]]:
    """(runtime, file, tests) of each `--tests`; what is wrong joins the mistakes."""
    from compatcheck.report.junit_results import NotResults, read_results

    for text in given:
        runtime, _, name = text.partition("=")
        if not runtime or not name:
            mistakes.append(f"--tests: {text!r} is not VERSION=FILE, such as 3.8=junit.xml")
            continue
        try:
            yield runtime, name, read_results(Path(name).read_bytes())
        except NotResults as error:
            mistakes.append(f"--tests: {name}: {error}")
        except OSError as error:
            mistakes.append(f"--tests: {name}: {error.strerror}")
