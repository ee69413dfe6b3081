"""The baseline that a project's settings name, applied to its report."""

from __future__ import annotations

from dataclasses import replace

from compatcheck.model.report import Finding, Report
from compatcheck.model.rules import Rulebook
from compatcheck.project import BadSettings, Project
from compatcheck.project.errors import SettingsError
from compatcheck.project.files import read_bytes, shown
from compatcheck.run.assemble import severity_of
from compatcheck.run.baseline import BadBaseline, Baseline, read_baseline, without_known
from compatcheck.run.notes import notes_on

_RULE = "stale-baseline"
_LARGEST = 256 << 20


def compared(report: Report, project: Project, rulebook: Rulebook) -> Report:
    """The report without the findings that the baseline knows. Raises BadSettings when it cannot be read."""
    location = project.settings.baseline
    if location is None:
        return report
    name = shown(location, project.root)
    stale = _stale(name, report, project, rulebook)
    found = without_known(report, load(location, project), name, stale, project.settings)
    silenced = [one.finding for one in found.suppressed]
    return replace(found, rules=notes_on([*found.findings, *silenced], rulebook))


def key_of(project: Project) -> bytes:
    """The key of the baseline in force; nothing without one. Raises BadSettings."""
    location = project.settings.baseline
    return bytes.fromhex(load(location, project).key) if location is not None else b""


def load(location: str, project: Project) -> Baseline:
    """The baseline in a file. Raises BadSettings."""
    name = shown(location, project.root)
    origin = project.scope.origins.get("baseline", "")
    try:
        return read_baseline(read_bytes(location, _LARGEST))
    except FileNotFoundError:
        told = f"baseline: there is no file {name!r}: `compatcheck baseline update` writes it"
    except OSError as error:
        told = f"baseline: {name!r} cannot be read: {error.strerror or 'it is no file'}"
    except BadBaseline as error:
        told = f"baseline: {name!r}: {error}"
    raise BadSettings([SettingsError(told, origin)])


def _stale(name: str, report: Report, project: Project, rulebook: Rulebook) -> Finding:
    text = rulebook.texts[_RULE]
    finding = Finding(
        rule=_RULE,
        kind="suppression",
        severity="warning",
        confidence="certain",
        message=text.message,
        path=name,
        fails_on=report.run.targets,
        instead=text.instead,
    )
    return replace(finding, severity=severity_of(finding, project.settings))
