"""Markdown for job summaries and comments; everything from checked files is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from compatcheck.model.report import FailedTest, Finding, Report
from compatcheck.report.advice import advice_on
from compatcheck.report.headline import headline
from compatcheck.report.ranking import most_important_first
from compatcheck.report.terminal import harmless
from compatcheck.report.versions import phrase
from compatcheck.report.view import View
from compatcheck.report.wording import place

# A job summary of GitHub may hold 1 MiB.
_MOST_BYTES = 900_000
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#+!|~&:-])")
_ADDRESS = re.compile(r"(?i)\bwww\.")


def as_markdown(report: Report, _view: View | None = None, /) -> str:
    """Headline, table of targets, findings by importance, and what could not be checked."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    summary = report.summary
    head = headline(report)
    yield f"## {'❌' if head.broken else '⚠️' if head.incomplete else '✅'} compatcheck: {head.text}"
    files = f"{summary.files} {'file' if summary.files == 1 else 'files'}"
    yield from ("", f"{files} on {phrase(tuple(summary.by_runtime))}.")
    yield from ("", "| target | errors | warnings | |", "|---|---:|---:|---|")
    for name, counts in summary.by_runtime.items():
        yield f"| {name} | {counts.errors} | {counts.warnings} | {'✅' if counts.compatible else '❌'} |"
    yield from _advice(report)
    yield from _tests(report)
    if report.findings:
        rows = [_row(one) for one in most_important_first(report.findings)]
        shown = list(_fitting(rows))
        yield from ("", "| place | severity | fails on | what |", "|---|---|---|---|", *shown)
        if more := len(rows) - len(shown):
            yield from ("", f"{more} more findings are in the other reports.")
    if report.unreadable:
        yield from ("", "Not checked:", "")
        yield from _fitting(f"- {code(one.path)}: {escaped(one.reason)}" for one in report.unreadable)


def _advice(report: Report) -> Iterator[str]:
    if found := advice_on(report):
        yield from ("", "### What helps most", "")
        yield from (f"1. {escaped(one.text[:1].upper() + one.text[1:])}" for one in found)


def _tests(report: Report) -> Iterator[str]:
    if not report.tests:
        return
    yield from ("", "### Tests", "", "| version | passed | failed | skipped |", "|---|---:|---:|---:|")
    yield from (f"| {escaped(run.runtime)} | {run.passed} | {run.failed} | {run.skipped} |" for run in report.tests)
    named = {one.fingerprint: one for one in report.findings}
    rows = [(run.runtime, one) for run in report.tests for one in run.failures]
    if rows:
        yield from ("", "| test | fails on | why |", "|---|---|---|")
        yield from _fitting(_failure(runtime, one, named) for runtime, one in rows)


def _failure(runtime: str, one: FailedTest, named: Mapping[str, Finding]) -> str:
    only = " only" if one.only_here else ""
    findings = [named[name] for name in one.explained_by if name in named]
    causes = "; ".join(f"{code(f'{each.path}:{place(each)}')} {escaped(each.message)}" for each in findings)
    return f"| {code(one.name)} | {escaped(runtime)}{only} | {causes or escaped(one.message)} |"


def _fitting(rows: Iterable[str]) -> Iterator[str]:
    """The first rows, as long as there is room."""
    room = _MOST_BYTES
    for row in rows:
        room -= len(row.encode("utf-8", "replace")) + 1
        if room < 0:
            return
        yield row


def _row(one: Finding) -> str:
    cell = f" cell {one.cell}" if one.cell is not None else ""
    where = code(f"{one.path}:{one.line}" if one.line and not cell else one.path) + cell
    advice = f" {escaped(one.instead)}" if one.instead else ""
    what = f"{escaped(one.message)} ({code(one.rule)}).{advice}"
    return f"| {where} | {one.severity} | {phrase(one.fails_on)} | {what} |"


def escaped(text: str) -> str:
    """The text as Markdown that shows it and does nothing else; what stands in single backticks stays code."""
    parts = harmless(text).split("`")
    if len(parts) % 2 == 0:  # one is left over
        return _plain("`".join(parts))
    return "".join(code(part) if number % 2 and part else _plain(part) for number, part in enumerate(parts))


def _plain(text: str) -> str:
    """Nobody is mentioned, nothing is linked: an empty comment parts the `@` from the name behind it."""
    return _ADDRESS.sub("www\\.", _ACTIVE.sub(r"\\\1", text)).replace("@", "@<!-- -->")


def code(text: str) -> str:
    """The text as a code span, of a table's cell too."""
    text = harmless(text)
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    room = " " if text.startswith("`") or text.endswith("`") or text != text.strip() else ""
    return f"{fence}{room}{text}{room}{fence}".replace("|", "\\|")
