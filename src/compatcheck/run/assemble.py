"""Analyses of files to one Report: targets select, places and counts come in."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from compatcheck.model.problems import Analysed, Problem
from compatcheck.model.report import Finding, Suppressed
from compatcheck.model.rules import Rulebook, Severity
from compatcheck.model.runtimes import Runtimes, RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.run.suppress import Names, Selection, TroubleTexts, silence, silence_troubles, trouble_findings

# Kinds that no runtime decides: they concern every target alike.
_UNDECIDED = frozenset({"config", "secret"})


def findings_of(path: str, problems: Iterable[Problem], runtimes: Runtimes, targets: RuntimeSet) -> list[Finding]:
    """The findings of one file: problems that fail on a target, by place."""
    found = [_finding(path, problem, runtimes, targets) for problem in problems if problem.fails & targets]
    return _fingerprinted(sorted(found, key=_place))


def _finding(path: str, problem: Problem, runtimes: Runtimes, targets: RuntimeSet) -> Finding:
    span = problem.span
    return Finding(
        rule=problem.rule,
        kind=problem.kind,
        severity=problem.severity,
        confidence=problem.confidence,
        message=problem.message,
        path=path,
        line=span.line if span else None,
        column=span.column if span else None,
        end_line=span.end_line if span else None,
        end_column=span.end_column if span else None,
        cell=span.cell if span else None,
        excerpt=problem.excerpt,
        symbol=problem.symbol,
        works_on=runtimes.specifier(problem.works),
        reach=runtimes.specifier(problem.reach) if problem.kind not in _UNDECIDED else None,
        fails_on=runtimes.names(problem.fails & targets),
        instead=problem.instead,
        evidence=problem.evidence,
        fingerprint=problem.identity,  # until it gets its own
        line_hash=problem.line_hash,
    )


def _fingerprinted(findings: Sequence[Finding]) -> list[Finding]:
    """Stable names without line numbers: path, rule, the line's text, a secret's digest, and which of several alike."""
    seen: Counter[bytes] = Counter()
    named = []
    for finding in findings:
        text = " ".join((finding.excerpt or "").split())
        key = "\0".join([finding.path, finding.rule, finding.symbol or "", text, finding.fingerprint]).encode(
            "utf-8", "surrogatepass"
        )
        seen[key] += 1
        digest = hashlib.blake2b(key + b"\0%d" % seen[key], digest_size=16).hexdigest()
        named.append(replace(finding, fingerprint=digest))
    return named


def assemble_file(
    analysed: Analysed, targets: RuntimeSet, settings: Settings, rulebook: Rulebook, names: frozenset[str]
) -> tuple[list[Finding], list[Suppressed], list[Problem]]:
    """One file's findings and suppressed findings, and all problems that nothing silences, whatever the targets."""
    runtimes, analysis = rulebook.runtimes, analysed.analysis
    selection = Selection(frozenset(settings.select), frozenset(settings.ignore))
    problems = _promised(analysis.problems, settings, runtimes)
    wanted = [
        replace(problem, severity=severity_of(problem, settings))
        for problem in problems
        if selection.wants(problem.rule, problem.kind)
    ]
    found = findings_of(analysed.path, wanted, runtimes, targets)
    idle = _idle(rulebook, targets, selection) if analysis.comments else frozenset()
    known = Names(names, idle, _is_target(runtimes))
    done = silence(found, analysis.comments, known)
    texts = TroubleTexts(
        {name: text.message for name, text in rulebook.texts.items()},
        {name: text.instead for name, text in rulebook.texts.items()},
    )
    troubles = trouble_findings(analysed.path, done.troubles, runtimes.names(targets), texts)
    left = silence_troubles([one for one in troubles if selection.wants(one.rule, one.kind)], analysis.comments)
    ours = [replace(finding, severity=severity_of(finding, settings)) for finding in left.findings]
    findings = sorted([*done.findings, *_fingerprinted(ours)], key=_place)
    silenced = [*done.suppressed, *left.suppressed]
    return findings, silenced, list(_unsilenced(wanted, silenced))


def _promised(problems: Iterable[Problem], settings: Settings, runtimes: Runtimes) -> Iterator[Problem]:
    """The problems without the versions of which the targets promise a micro release that is late enough."""
    for problem in problems:
        if problem.micro:
            promised = _promises(settings.targets, runtimes)
            for name, first in problem.micro:
                if promised.get(name, -1) >= first:
                    problem = replace(problem, reach=problem.reach - runtimes.between(name, name))
        yield problem


def _promises(specs: Iterable[str], runtimes: Runtimes) -> dict[str, int]:
    """By version the lowest micro release that the targets ask for."""
    found: dict[str, int] = {}
    for target in runtimes.parse_all(specs):
        for runtime in runtimes.members(target.runtimes):
            first = target.micros.get(runtime.python, 0)
            found[runtime.name] = min(found.get(runtime.name, first), first)
    return found


def severity_of(found: Problem | Finding, settings: Settings) -> Severity:
    """The severity that the settings give a finding's rule, or else its kind; those for the file come first."""
    for table in (*(table for _, table in reversed(settings.per_file_severity)), settings.severity):
        given = dict(table)
        if severity := given.get(found.rule) or given.get(found.kind):
            return severity
    if settings.future and found.rule == "deprecated-name" and found.confidence != "possible":
        return "error"
    return found.severity


def _place(finding: Finding) -> tuple[int, int, int, str]:
    return finding.cell or 0, finding.line or 0, finding.column or 0, finding.rule


def _unsilenced(problems: Iterable[Problem], suppressed: Iterable[Suppressed]) -> Iterator[Problem]:
    silenced = {(one.finding.rule, one.finding.line, one.finding.column) for one in suppressed}
    for problem in problems:
        span = problem.span
        if (problem.rule, span and span.line, span and span.column) not in silenced:
            yield problem


def _is_target(runtimes: Runtimes) -> Callable[[str], bool]:
    def known(spec: str) -> bool:
        try:
            return bool(runtimes.parse(spec))
        except ValueError:
            return False

    return known


def _idle(rulebook: Rulebook, targets: RuntimeSet, selection: Selection) -> frozenset[str]:
    """Rules that cannot fire here: they work on every target, or nobody asked for them."""
    return frozenset(
        rule.id
        for rule in rulebook.syntax
        if not selection.wants(rule.id, "syntax") or all(targets <= variant.works for variant in rule.variants.values())
    )


def extent_of(fails: RuntimeSet | None, runtimes: Runtimes) -> tuple[str | None, str | None]:
    """The lowest and highest version that works, when it is known where it fails."""
    return (None, None) if fails is None else range_of(runtimes.cpython3 - fails, runtimes)


def range_of(works: RuntimeSet, runtimes: Runtimes) -> tuple[str | None, str | None]:
    """The newest unbroken run of versions in a set: its first and last."""
    low = high = None
    for runtime in reversed([*runtimes.members(runtimes.cpython3)]):
        if works.bits >> runtime.bit & 1:
            low, high = runtime.name, high or runtime.name
        elif high is not None:
            break
    return low, high
