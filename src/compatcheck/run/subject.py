"""What the checks beside the code's own look at, and where each of them lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from compatcheck.model.problems import Analysed, Outcome
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.project import Project

# By its name in `--checks` the module with `asks(project) -> bool`: whether there is anything for it here, without
# reading files; `facts: bool`, whether it needs the code's facts; and `check(subject) -> Outcome`.
MODULES: Mapping[str, str] = {
    "code": "compatcheck.run.anvil_app",
    "config": "compatcheck.run.config",
    "secrets": "compatcheck.run.secrets",
}


@dataclass(frozen=True)
class Subject:
    """A project as these checks see it. `targets` are the runtimes asked for; `code` what was read of its source files,
    with facts; `key` that of the digests by which secrets are told apart, where there is one.
    """

    project: Project
    rulebook: Rulebook
    targets: RuntimeSet
    code: Sequence[Analysed]
    key: bytes = b""


@dataclass(frozen=True, slots=True)
class ProjectCheck:
    """One check, ready to run."""

    name: str
    facts: bool
    run: Callable[[Subject], Outcome]


def checks_for(project: Project) -> list[ProjectCheck]:
    """The checks that the settings ask for and that have something to look at here."""
    found = []
    for name in project.settings.checks:
        if name in MODULES and (module := import_module(MODULES[name])).asks(project):
            found.append(ProjectCheck(name, module.facts, module.check))
    return found
