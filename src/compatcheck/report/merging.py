"""Reports of several jobs on the same code, as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from compatcheck.model.report import FileResult, Finding, Report, RuleNote, Run, Suppressed
from compatcheck.model.rules import SEVERITIES
from compatcheck.report.counting import errors_of, summary_of
from compatcheck.report.versions import in_order

_MINORS = 100
_Key = tuple[object, ...]


def merged(reports: Sequence[Report]) -> Report:
    """One report on all their targets; what several of them found counts once, with all the versions it fails on."""
    targets = tuple(in_order(name for each in reports for name in each.summary.by_runtime))
    found = _findings(reports)
    silenced = {_key(one.finding): one for each in reports for one in each.suppressed}
    findings = tuple(one for key, one in found.items() if not _used_elsewhere(one, silenced.values()))
    files = _files(reports, findings)
    extents = {(each.summary.minimum, each.summary.maximum) for each in reports}
    return replace(
        reports[0],
        run=_run([each.run for each in reports], targets),
        summary=summary_of(files, findings, targets, extents.pop() if len(extents) == 1 else (None, None)),
        findings=findings,
        unreadable=tuple(dict.fromkeys(one for each in reports for one in each.unreadable)),
        suppressed=tuple(one for key, one in silenced.items() if key not in found),
        files=files,
        dependencies=_dependencies(reports),
        declarations=_distinct(one for each in reports for one in each.declarations),
        rules=_rules(reports, [*findings, *(one.finding for one in silenced.values())]),
        tests=tuple(tests for each in reports for tests in each.tests),
    )


def _key(one: Finding) -> _Key:
    return one.path, one.cell, one.line, one.column, one.rule, one.symbol, one.message


def _findings(reports: Iterable[Report]) -> dict[_Key, Finding]:
    found: dict[_Key, Finding] = {}
    for one in (one for each in reports for one in each.findings):
        before = found.get(key := _key(one))
        found[key] = one if before is None else _united(before, one)
    order = sorted(found, key=lambda key: (key[0], *(key[at] or 0 for at in (1, 2, 3)), key[4]))
    return {key: found[key] for key in order}


def _united(one: Finding, other: Finding) -> Finding:
    severity = min(one.severity, other.severity, key=SEVERITIES.index)
    fails_on = tuple(in_order((*one.fails_on, *other.fails_on)))
    return replace(one, severity=severity, reach=_either(one.reach, other.reach), fails_on=fails_on)


def _either(one: str | None, other: str | None) -> str | None:
    """The specifier of what fits one or the other: each job knows the reach on its own targets only."""
    if one is None or other is None or one == other:
        return one if other is None else other
    from packaging.specifiers import SpecifierSet

    sets = SpecifierSet(one), SpecifierSet(other)
    fits = [any(f"3.{minor}" in each for each in sets) for minor in range(_MINORS)]
    first, last = fits.index(True), _MINORS - 1 - fits[::-1].index(True)
    ends = last < _MINORS - 1
    parts = [f">=3.{first}"] * (first > 0 or not ends) + [f"<3.{last + 1}"] * ends
    return ",".join([*parts, *(f"!=3.{minor}.*" for minor in range(first, last) if not fits[minor])])


def _used_elsewhere(one: Finding, silenced: Iterable[Suppressed]) -> bool:
    """Whether a comment that silences nothing in one job does so in another, for other targets."""
    return one.rule == "unused-suppression" and any(
        other.finding.path == one.path and other.how == "comment" and other.by.endswith(f"(line {one.line})")
        for other in silenced
    )


def _files(reports: Iterable[Report], findings: Iterable[Finding]) -> tuple[FileResult, ...]:
    by_path: dict[str, list[Finding]] = {}
    for one in findings:
        by_path.setdefault(one.path, []).append(one)
    files = {file.path: file for each in reports for file in each.files}
    return tuple(replace(file, errors=errors_of(by_path.get(path, ()))) for path, file in sorted(files.items()))


def _run(runs: Sequence[Run], targets: tuple[str, ...]) -> Run:
    return Run(
        started_at=min(run.started_at for run in runs),
        duration_s=round(sum(run.duration_s for run in runs), 3),
        python=", ".join(in_order(run.python for run in runs)),
        root=runs[0].root,
        targets=targets,
        all_versions=all(run.all_versions for run in runs),
        paths=tuple(dict.fromkeys(path for run in runs for path in run.paths)),
        checks=tuple(dict.fromkeys(check for run in runs for check in run.checks)),
        baseline=next((run.baseline for run in runs if run.baseline), None),
        diff_base=next((run.diff_base for run in runs if run.diff_base), None),
    )


def _rules(reports: Iterable[Report], findings: Iterable[Finding]) -> tuple[RuleNote, ...]:
    fired = {one.rule for one in findings}
    notes = {note.id: note for each in reports for note in each.rules if note.id in fired}
    return tuple(notes[name] for name in sorted(notes))


def _dependencies(reports: Iterable[Report]) -> tuple[Mapping[str, object], ...]:
    """One entry for each declared dependency, with what any job knows of its runtimes."""
    found: dict[_Key, dict[str, object]] = {}
    for one in (one for each in reports for one in each.dependencies):
        key = one["name"], one["requirement"], one["source"], one["locked"]
        before = found.setdefault(key, dict(one))
        before["runtimes"] = {**dict(before["runtimes"]), **dict(one["runtimes"])}  # type: ignore[call-overload]
    return tuple(found.values())


def _distinct(items: Iterable[Mapping[str, object]]) -> tuple[Mapping[str, object], ...]:
    return tuple({tuple(sorted(item.items(), key=lambda pair: pair[0])): item for item in items}.values())
