"""The whole flow: files, rules, analysis, report."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

import compatcheck
from compatcheck.model.problems import Analysed, Analysis, Outcome
from compatcheck.model.report import FileResult, Finding, Report, Run, RuntimeSummary, Summary, Suppressed
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, Project
from compatcheck.report.counting import errors_of, summary_of
from compatcheck.rulebook import load_rulebook
from compatcheck.run.analyses import analyse
from compatcheck.run.assemble import assemble_file, extent_of
from compatcheck.run.known import compared, key_of
from compatcheck.run.line_hashes import LineHashes
from compatcheck.run.masking import Masker
from compatcheck.run.notes import notes_on
from compatcheck.run.subject import MODULES, PROJECT_ONLY, Outside, ProjectCheck, Subject, checks_for
from compatcheck.run.suppress import KINDS

Progress = Callable[[int, int], None]
# Rules that no rule file of its own stands for: what the parser refuses, and the facts of rules/stdlib.
OTHER_RULES = frozenset({"invalid-syntax"})


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with what was found in it; `met` counts problems by severity and runtime, where all versions count."""

    result: FileResult
    fails: RuntimeSet
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    met: Counter[tuple[str, str]] = field(default_factory=Counter)


def check(
    project: Project,
    progress: Progress | None = None,
    stdin: Source | None = None,
    key: bytes | None = None,
    only: Sequence[ProjectCheck] | None = None,
    outside: Outside = PROJECT_ONLY,
) -> Report:
    """The report on a project's files, or on `stdin` alone; with `only`, of these checks, and not of the code itself.
    `key` is that of a baseline, by default of the one in force.

    Raises BadSettings when settings name unknown targets or rules, or no target at all.
    """
    clock = _Clock()
    files, unreadable = _files(project, stdin) if only is None or any(each.facts for each in only) else ([], [])
    used = [file.settings for file in files]
    rulebook = load_rulebook(specs=project.specs(used))
    names = rule_names(rulebook)
    project.check_names(used, names, rulebook.runtimes.parse)
    targets = _Targets(rulebook, used or [project.settings])
    everything = project.settings.all_versions
    scope = rulebook.runtimes.cpython3 | targets.all if everything else targets.all
    checks = only if only is not None else checks_for(project) if stdin is None else []
    for one in checks:
        scope |= one.scope(project, rulebook)
    analysed = analyse(files, rulebook, scope, project, progress, facts=any(each.facts for each in checks))
    unreadable = [*unreadable, *(each for each in analysed if isinstance(each, Unreadable))] if only is None else []
    code = [each for each in analysed if not isinstance(each, Unreadable)]
    secret = key_of(project) if key is None else key
    subject = Subject(project, rulebook, targets.all, scope, code, secret, outside)
    outcomes = [each.run(subject) for each in checks]
    settings = {file.path: file.settings for file in files}
    hashed = LineHashes(project.root, files)
    done = []
    for each in _joined(code if only is None else [], outcomes):
        own = settings.get(each.path) or project.settings_at(each.path)
        asked = reduce(or_, (outcome.also.get(each.path, NO_RUNTIMES) for outcome in outcomes), targets.of(own))
        done.append(_hashed(_checked(each, asked, own, rulebook, everything, names), hashed))
    unreadable += [each for outcome in outcomes for each in outcome.unreadable]
    ran = _names(project.settings) if only is None else [each.name for each in only]
    report = _report(project, clock, rulebook, targets.all, ran, done, unreadable, outcomes)
    return compared(report, project, rulebook)


def _names(settings: Settings) -> list[str]:
    """The checks of a run; that of code is always one."""
    return ["code", *(name for name in settings.checks if name in MODULES and name != "code")]


def _hashed(checked: Checked, hashed: LineHashes) -> Checked:
    if not checked.findings and not checked.suppressed:
        return checked
    count = len(checked.findings)
    silenced = [one.finding for one in checked.suppressed]
    found = hashed(checked.result.path, [*checked.findings, *silenced])
    pairs = zip(checked.suppressed, found[count:], strict=True)
    suppressed = tuple(replace(one, finding=finding) for one, finding in pairs)
    return replace(checked, findings=tuple(found[:count]), suppressed=suppressed)


def _joined(code: Sequence[Analysed], outcomes: Sequence[Outcome]) -> list[Analysed]:
    """One analysis a file: what several checks said of it, together."""
    joined = {each.path: each for each in code}
    mask = Masker()
    for each in (mask.lines(each) for outcome in outcomes for each in outcome.analysed):
        before = joined.get(each.path)
        if before is not None:
            problems = before.analysis.problems + each.analysis.problems
            comments = tuple(dict.fromkeys((*before.analysis.comments, *each.analysis.comments)))
            each = replace(before, analysis=replace(before.analysis, problems=problems, comments=comments))
        joined[each.path] = each
    return [joined[path] for path in ([*joined] if not outcomes else sorted(joined))]


def rule_names(rulebook: Rulebook) -> frozenset[str]:
    """Everything that `--select`, `--ignore` and comments may name."""
    return frozenset(rule.id for rule in rulebook.syntax) | rulebook.texts.keys() | OTHER_RULES | KINDS


class _Clock:
    def __init__(self) -> None:
        self.started_at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        self._started = time.perf_counter()

    @property
    def seconds(self) -> float:
        return round(time.perf_counter() - self._started, 3)


class _Targets:
    """The runtimes that each file's settings ask for."""

    def __init__(self, rulebook: Rulebook, used: Sequence[Settings]) -> None:
        self._runtimes = rulebook.runtimes
        self._known: dict[tuple[str, ...], RuntimeSet] = {}
        self.all = NO_RUNTIMES
        for settings in used:
            self.all |= self.of(settings)

    def of(self, settings: Settings) -> RuntimeSet:
        if settings.targets not in self._known:
            united = NO_RUNTIMES
            for target in self._runtimes.parse_all(settings.targets):
                united |= target.runtimes
            self._known[settings.targets] = united
        return self._known[settings.targets]


def _files(project: Project, stdin: Source | None) -> tuple[list[File], list[Unreadable]]:
    if stdin is not None:
        return [File(stdin.path, "", stdin.kind, project.settings_at(stdin.path), stdin.data)], []
    found = list(project.discover())
    files = [file for file in found if isinstance(file, File)]
    return files, [file for file in found if isinstance(file, Unreadable)]


def _checked(
    analysed: Analysed,
    targets: RuntimeSet,
    settings: Settings,
    rulebook: Rulebook,
    everything: bool,
    names: frozenset[str],
) -> Checked:
    if analysed.analysis == Analysis() and not everything:
        return Checked(FileResult(analysed.path, analysed.size, {}), NO_RUNTIMES, (), ())
    findings, suppressed, problems = assemble_file(analysed, targets, settings, rulebook, names)
    if not everything:
        result = FileResult(analysed.path, analysed.size, errors_of(findings))
        return Checked(result, NO_RUNTIMES, tuple(findings), tuple(suppressed))
    met: Counter[tuple[str, str]] = Counter(
        (one.severity, name) for one in problems for name in rulebook.runtimes.names(one.fails)
    )
    errors = {name: count for (severity, name), count in sorted(met.items()) if severity == "error"}
    fails = RuntimeSet(reduce(or_, (one.fails.bits for one in problems if one.severity == "error"), 0))
    result = FileResult(analysed.path, analysed.size, errors, *extent_of(fails, rulebook.runtimes))
    return Checked(result, fails, tuple(findings), tuple(suppressed), met)


def _widened(summary: Summary, runtimes: Runtimes, done: Sequence[Checked]) -> Summary:
    """The summary with what every version met, where all of them count."""
    if not done:
        return summary
    met: Counter[tuple[str, str]] = Counter()
    for each in done:
        met.update(each.met)
    every = {
        name: summary.by_runtime.get(name) or RuntimeSummary(met["error", name], met["warning", name])
        for name in dict.fromkeys((*runtimes.names(runtimes.cpython3), *summary.by_runtime))
    }
    return replace(summary, by_runtime=every)


def _report(
    project: Project,
    clock: _Clock,
    rulebook: Rulebook,
    targets: RuntimeSet,
    names: Sequence[str],
    done: Sequence[Checked],
    unreadable: Sequence[Unreadable],
    outcomes: Sequence[Outcome],
) -> Report:
    findings = tuple(finding for file in done for finding in file.findings)
    suppressed = tuple(one for file in done for one in file.suppressed)
    files = tuple(file.result for file in done)
    settings = project.settings
    fails = RuntimeSet(reduce(or_, (file.fails.bits for file in done), 0)) if settings.all_versions else None
    return Report(
        tool={"name": "compatcheck", "version": compatcheck.__version__, "rules": rulebook.digest},
        run=Run(
            started_at=clock.started_at,
            duration_s=clock.seconds,
            python=sys.version.split()[0],
            root=project.root,
            targets=rulebook.runtimes.names(targets),
            all_versions=settings.all_versions,
            paths=project.shown_paths,
            checks=tuple(names),
        ),
        summary=_widened(
            summary_of(files, findings, rulebook.runtimes.names(targets), extent_of(fails, rulebook.runtimes)),
            rulebook.runtimes,
            done if settings.all_versions else (),
        ),
        findings=findings,
        unreadable=tuple(unreadable),
        suppressed=suppressed,
        files=files,
        dependencies=tuple(each for outcome in outcomes for each in outcome.dependencies),
        declarations=tuple(each for outcome in outcomes for each in outcome.declarations),
        rules=notes_on([*findings, *(one.finding for one in suppressed)], rulebook),
    )
