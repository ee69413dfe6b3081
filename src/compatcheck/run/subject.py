"""What the checks beside the code's own look at, and where each of them lies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from compatcheck.model.problems import Analysed, Outcome
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.source import Unreadable
from compatcheck.project import Project

if TYPE_CHECKING:
    from compatcheck.depends.supply import Release
    from compatcheck.model.declared import Trouble

# By its name in `--checks` the module with `asks(project) -> bool`: whether there is anything for it here, without
# reading files; `facts: bool`, whether it needs the code's facts; and `check(subject) -> Outcome`.
# A module may also have `scope(project, rulebook) -> RuntimeSet`: what the code must be known for beyond the targets.
MODULES: Mapping[str, str] = {
    "code": "compatcheck.run.anvil_app",
    "config": "compatcheck.run.config",
    "metadata": "compatcheck.run.metadata",
    "deps": "compatcheck.run.deps",
    "secrets": "compatcheck.run.secrets",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an index said of packages, and what it did not say."""

    releases: Sequence[Release]
    failed: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside:
    """What a run may look at beyond the project, because the command line says so: folders of wheels, a package index
    (by the names of packages), a resolver.
    """

    find_links: tuple[str, ...] = ()
    index: Callable[[Sequence[str]], Fetched] | None = None
    resolve: Callable[[Any, Subject], list[Trouble]] | None = None


PROJECT_ONLY = Outside()


@dataclass(frozen=True)
class Subject:
    """A project as these checks see it. `targets` are the runtimes asked for; `code` what was read of its source files,
    with facts, for the runtimes `known`; `key` that of the digests by which secrets are told apart, where there is one.
    """

    project: Project
    rulebook: Rulebook
    targets: RuntimeSet
    known: RuntimeSet
    code: Sequence[Analysed]
    key: bytes = b""
    outside: Outside = PROJECT_ONLY


def _no_more(project: Project, rulebook: Rulebook) -> RuntimeSet:
    return NO_RUNTIMES


@dataclass(frozen=True, slots=True)
class ProjectCheck:
    """One check, ready to run."""

    name: str
    facts: bool
    run: Callable[[Subject], Outcome]
    scope: Callable[[Project, Rulebook], RuntimeSet] = _no_more


def checks_for(project: Project) -> list[ProjectCheck]:
    """The checks that the settings ask for and that have something to look at here."""
    found = []
    for name in project.settings.checks:
        if name in MODULES and (module := import_module(MODULES[name])).asks(project):
            found.append(ProjectCheck(name, module.facts, module.check, getattr(module, "scope", _no_more)))
    return found
