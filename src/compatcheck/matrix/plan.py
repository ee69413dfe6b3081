"""What is to be proven: the files and modules of a project, by the versions that they are meant for."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import join

from compatcheck.matrix.asking import Foreign
from compatcheck.matrix.modules import module_names
from compatcheck.model.rules import Rulebook
from compatcheck.project import File, Project
from compatcheck.project.files import folders_up

ROOTS = ("", "src")
_PACKAGED = ("pyproject.toml", "setup.py", "setup.cfg")


@dataclass(frozen=True)
class Plan:
    """`base` is the project's folder, `prefix` its path in reports. By version: `files` has where each path lies,
    `modules` the path of each module.
    """

    base: str
    prefix: str
    files: Mapping[str, Mapping[str, str]]
    modules: Mapping[str, Mapping[str, str]]
    foreign: Foreign

    @property
    def versions(self) -> tuple[str, ...]:
        return tuple(self.files)


def plan_of(project: Project, rulebook: Rulebook) -> Plan:
    """The plan for the CPythons among the targets. Raises BadSettings and UnknownTarget."""
    found = [each for each in project.discover() if isinstance(each, File) and each.kind == "module"]
    base = _base(project)
    prefix = os.path.relpath(base, project.root).replace(os.sep, "/")
    prefix = "" if prefix == "." else prefix
    files: dict[str, dict[str, str]] = {}
    for version in _versions(project, rulebook, project.settings.targets):
        files[version] = {}
    for each in found:
        for version in _versions(project, rulebook, each.settings.targets):
            files.setdefault(version, {})[each.path] = each.location
    modules = {version: _modules(paths, prefix) for version, paths in files.items()}
    own = sorted({name for names in modules.values() for name in names})
    order = [runtime.name for runtime in rulebook.runtimes.all]
    ordered = {version: files[version] for version in sorted(files, key=order.index)}
    return Plan(base, prefix, ordered, modules, Foreign(own, frozenset(rulebook.stdlib.names)))


def _versions(project: Project, rulebook: Rulebook, targets: Sequence[str]) -> tuple[str, ...]:
    runtimes = rulebook.runtimes
    asked = [target.runtimes & runtimes.cpython3 for target in runtimes.parse_all(targets)]
    return runtimes.names(runtimes.where(lambda runtime: any(each.bits >> runtime.bit & 1 for each in asked)))


def _modules(paths: Mapping[str, str], prefix: str) -> dict[str, str]:
    start = f"{prefix}/" if prefix else ""
    below = [path[len(start) :] for path in paths if path.startswith(start) and path.endswith(".py")]
    return {name: join(prefix, path) for name, path in module_names(below, ROOTS).items()}


def _base(project: Project) -> str:
    """The nearest folder with a package's files above everything that the run was asked about, else the root."""
    anchor = os.path.commonpath([path if os.path.isdir(path) else os.path.dirname(path) for path in project.paths])
    for folder in folders_up(os.path.realpath(anchor), project.root):
        if any(os.path.isfile(os.path.join(folder, name)) for name in _PACKAGED):
            return folder
    return project.root
