"""What vermin claims of the same files and compatcheck does not, as information, each with compatcheck's reason."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby

from compatcheck.analyze import Analyzer
from compatcheck.model.report import Finding, Report
from compatcheck.model.runtimes import Runtimes, RuntimeSet
from compatcheck.model.source import Source
from compatcheck.project import File, Project, read
from compatcheck.report.counting import with_findings
from compatcheck.rulebook import load_rulebook

_START = "from vermin import main; main()"
_OPTIONS = ("--no-config-file", "--no-tips", "--format", "parsable", "--processes", "1")
_MOST_FILES = 200  # on one command line
_SECONDS = 3600


class NoVermin(Exception):
    """vermin is not installed beside compatcheck; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Claim:
    """vermin's word that a line of a file needs a version of Python 3, because of a feature."""

    path: str
    line: int
    needs: str
    feature: str


def with_second_opinion(report: Report, project: Project) -> Report:
    """The report with vermin's other claims about the targets. Raises NoVermin where vermin is not installed."""
    if find_spec("vermin") is None:
        raise NoVermin("--second-opinion needs vermin: pip install vermin")
    rulebook = load_rulebook(specs=project.specs())
    runtimes = rulebook.runtimes
    scope = RuntimeSet(sum(1 << runtimes.by_name[name].bit for name in report.run.targets))
    analyzer = Analyzer(rulebook, scope)
    ours = {(one.path, one.line) for one in report.findings if one.severity == "error"}
    files = {os.path.abspath(one.location): one for one in project.discover() if isinstance(one, File)}
    found: list[Finding] = []
    for path, claims in groupby(_claims(list(files)), key=lambda claim: claim.path):
        file = files[path]
        source = read(file)
        wanted = [one for one in claims if (file.path, one.line) not in ours]
        if isinstance(source, Source):
            found += _findings(file.path, source, wanted, analyzer, runtimes, scope)
    everything = sorted([*report.findings, *found], key=lambda one: (one.path, one.line or 0, one.column or 0))
    return with_findings(report, everything, ())


def _findings(
    path: str, source: Source, claims: list[Claim], analyzer: Analyzer, runtimes: Runtimes, scope: RuntimeSet
) -> Iterator[Finding]:
    concerned = [one for one in claims if scope - runtimes.between(one.needs, None)]
    reasons = analyzer.reasons(source, [(one.line, one.feature) for one in concerned])
    for claim, reason in zip(concerned, reasons, strict=True):
        fails = scope - runtimes.between(claim.needs, None)
        yield Finding(
            rule="second-opinion",
            kind="name",
            severity="info",
            confidence="possible",
            message=f"vermin: {claim.feature} needs Python {claim.needs}; compatcheck: {reason}",
            path=path,
            line=claim.line,
            column=1,
            fails_on=runtimes.names(fails),
            fingerprint=f"second-opinion:{path}:{claim.feature}",
        )


def _claims(paths: list[str]) -> Iterator[Claim]:
    for start in range(0, len(paths), _MOST_FILES):
        command = [sys.executable, "-c", _START, *_OPTIONS, *paths[start : start + _MOST_FILES]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS)
        for line in done.stdout.splitlines():
            if claim := _claim(line):
                yield claim


def _claim(text: str) -> Claim | None:
    """From `path:line:column:2.x:3.x:feature`; versions that do not work start with `!`."""
    parts = text.rsplit(":", 5)
    if len(parts) < 6 or not parts[1].isdigit() or not parts[4].startswith("3."):
        return None
    return Claim(parts[0], int(parts[1]), parts[4], parts[5])
