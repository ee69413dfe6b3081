"""Known findings: written down once, not reported again, and never more of them than were written down."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from compatcheck.model.report import Finding, Report, Suppressed
from compatcheck.model.settings import Settings
from compatcheck.report.counting import with_findings
from compatcheck.report.differences import content_of

FILE = ".compatcheck-baseline.json"
SCHEMA_VERSION = "1"
_LONGEST_KEY = 64  # bytes
Entry = tuple[str, str, str]  # path, rule, digest of what the finding is about


class BadBaseline(ValueError):
    """The file is no baseline; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings of each kind are known, and what the run that wrote it down looked for. `key` is that of the
    secrets' digests, in hex.
    """

    entries: Mapping[Entry, int] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()
    checks: frozenset[str] = frozenset()
    key: str = ""

    @property
    def by_rule(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for (_, rule, _), count in self.entries.items():
            counts[rule] += count
        return dict(sorted(counts.items()))


@dataclass(frozen=True, slots=True)
class Split:
    """A report's findings against a baseline. `gone` are entries (with how many) that nothing matches any more."""

    new: tuple[Finding, ...]
    known: tuple[Suppressed, ...]
    gone: Mapping[Entry, int]


def baseline_of(report: Report) -> Baseline:
    """Every finding of the report. Those about comments and the baseline itself are not for hiding."""
    entries = Counter(map(entry_of, report.findings))
    return Baseline(dict(entries), frozenset(report.run.targets), frozenset(report.run.checks))


def entry_of(one: Finding) -> Entry:
    """No line number: it survives moves within the file and edits nearby. A secret's digest is a keyed one."""
    digest = hashlib.blake2b("\0".join(content_of(one)).encode("utf-8", "surrogatepass"), digest_size=12)
    return one.path, one.rule, digest.hexdigest()


def read_baseline(data: bytes) -> Baseline:
    """The baseline in a file's bytes. Raises BadBaseline."""
    try:
        read = json.loads(data)
        if read["schema_version"] != SCHEMA_VERSION:
            raise BadBaseline(
                f"schema_version is {read['schema_version']!r}; this compatcheck reads {SCHEMA_VERSION!r}"
            )
        entries = {
            (str(path), str(each["rule"]), str(each["content"])): int(each["count"])
            for path, some in read["files"].items()
            for each in some
        }
        if len(bytes.fromhex(read["key"])) > _LONGEST_KEY:
            raise BadBaseline("its key is too long: `compatcheck baseline update` makes one, once the file is gone")
        return Baseline(entries, frozenset(read["targets"]), frozenset(read["checks"]), read["key"])
    except BadBaseline:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadBaseline("it is no baseline: `compatcheck baseline update` writes one") from error


def written(baseline: Baseline) -> str:
    """The file's text: sorted, an entry a line, so that changes of it can be reviewed and merged."""
    files: dict[str, list[dict[str, Any]]] = {}
    for (path, rule, content), count in sorted(baseline.entries.items()):
        files.setdefault(path, []).append({"rule": rule, "content": content, "count": count})
    parts = [
        f'  "schema_version": {json.dumps(SCHEMA_VERSION)}',
        f'  "targets": {json.dumps(sorted(baseline.targets))}',
        f'  "checks": {json.dumps(sorted(baseline.checks))}',
        f'  "key": {json.dumps(baseline.key)}',
        f'  "rules": {json.dumps(baseline.by_rule)}',
        f'  "files": {{{"".join(_laid_out(files))}}}',
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _laid_out(files: Mapping[str, list[dict[str, Any]]]) -> Iterable[str]:
    for number, (path, entries) in enumerate(files.items()):
        lines = ",\n".join(f"      {json.dumps(entry)}" for entry in entries)
        yield f"{',' if number else ''}\n    {json.dumps(path)}: [\n{lines}\n    ]"
    if files:
        yield "\n  "


def split(report: Report, baseline: Baseline) -> Split:
    """One finding for one entry: of three alike where two are known, the third is new."""
    left = Counter(baseline.entries)
    new, known = [], []
    for one in report.findings:
        entry = entry_of(one)
        if left[entry] > 0:
            left[entry] -= 1
            known.append(Suppressed(one, "baseline", "baseline"))
        else:
            new.append(one)
    checked = {file.path for file in report.files} | {one.path for one in report.findings}
    deleted = {path for path, _, _ in left if path not in checked and not _exists(report.run.root, path)}
    new, moved = _moved(new, left, deleted)
    judged = checked | deleted
    return Split(
        tuple(new),
        (*known, *moved),
        {entry: count for entry, count in left.items() if count > 0 and entry[0] in judged},
    )


def _moved(
    new: Sequence[Finding], left: Counter[Entry], deleted: Iterable[str]
) -> tuple[list[Finding], list[Suppressed]]:
    """A file that is gone may have another name now; one that is still there keeps its entries to itself."""
    waiting: dict[tuple[str, str], list[Entry]] = {}
    gone = set(deleted)
    for entry, count in left.items():
        if entry[0] in gone:
            waiting.setdefault(entry[1:], []).extend([entry] * min(count, len(new)))
    still, moved = [], []
    for one in new:
        entries = waiting.get(entry_of(one)[1:])
        if entries:
            entry = entries.pop()
            left[entry] -= 1
            moved.append(Suppressed(one, f"baseline, as in {entry[0]}", "baseline"))
        else:
            still.append(one)
    return still, moved


def _exists(root: str, path: str) -> bool:
    return os.path.lexists(os.path.join(root, path))


def without_known(report: Report, baseline: Baseline, name: str, stale: Finding | None, settings: Settings) -> Report:
    """The report without what the baseline knows. `stale` is the pattern of a finding about entries that are gone."""
    parts = split(report, baseline)
    complete = not settings.select and not settings.ignore
    covered = baseline.targets <= set(report.run.targets) and baseline.checks <= set(report.run.checks)
    more = list(_stale(parts.gone, stale)) if stale is not None and complete and covered else []
    report = replace(report, run=replace(report.run, baseline=name))
    return with_findings(report, parts.new, parts.known, more)


def _stale(gone: Mapping[Entry, int], pattern: Finding) -> Iterable[Finding]:
    counts: Counter[tuple[str, str]] = Counter()
    for (path, rule, _), count in gone.items():
        counts[path, rule] += count
    for (path, rule), count in sorted(counts.items()):
        told = f"{count} {'finding' if count == 1 else 'findings'} of `{rule}` in `{path}`"
        digest = hashlib.blake2b(f"{pattern.rule}\0{path}\0{rule}".encode("utf-8", "surrogatepass"), digest_size=16)
        message = pattern.message.replace("{names}", told)
        yield replace(pattern, message=message, symbol=rule, fingerprint=digest.hexdigest())
