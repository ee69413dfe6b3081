"""What a project that starts with compatcheck gets: settings, a hook, a CI job. Reads, and writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from compatcheck.project import Project, open_project
from compatcheck.project.files import read_if_there
from compatcheck.run.check import check

_MOST = 4 << 20
_HOOK = """\
- repo: local
  hooks:
    - id: compatcheck
      name: compatcheck
      entry: compatcheck check --force-exclude
      args: [--]  # stays last: what follows are file names
      language: python
      additional_dependencies: [compatcheck]
      types: [python]
      require_serial: true
"""
_GITHUB = """\
name: Compatibility

on:
  push:
    branches: [main]
  pull_request:

permissions:
  contents: read

jobs:
  compatcheck:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1  # v7.0.1
        with:
          persist-credentials: false
      - run: pipx run compatcheck --format github .
"""
_GITLAB = """
compatcheck:
  image: python:3.13-slim
  script:
    - pip install --quiet compatcheck
    - compatcheck check --format gitlab:gl-compatcheck.json .
  artifacts:
    when: always
    reports:
      codequality: gl-compatcheck.json
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A file as it is (None: not there) and as it would be; without `after`, why it stays."""

    path: str
    before: str | None
    after: str | None
    note: str = ""


def proposals(project: Project) -> Iterator[Proposal]:
    """What is proposed for the project's root. Raises BadSettings."""
    yield _settings(project)
    yield _hook(project.root)
    yield from _jobs(project.root)


def _settings(project: Project) -> Proposal:
    name = "pyproject.toml" if _read(project.root, "pyproject.toml") is not None else "compatcheck.toml"
    before = _read(project.root, name)
    if before is not None and (name == "compatcheck.toml" or "[tool.compatcheck" in before):
        return Proposal(name, before, None, "it has settings for compatcheck already")
    line = f'target = "{_target(project)}"\n'
    if before is None:
        return Proposal(name, None, line)
    return Proposal(name, before, f"{_ended(before)}\n[tool.compatcheck]\n{line}")


def _target(project: Project) -> str:
    """What the project states, else what its code runs on as it is."""
    if project.settings.targets:
        return ",".join(project.settings.targets)
    over = {"target": ["3.0+"], "all_versions": True, "checks": ["code"], "cache": False, "per_file_targets": {}}
    report = check(open_project([project.root], over, root=project.root))
    return f"{report.summary.minimum or '3.10'}+"


def _hook(root: str) -> Proposal:
    name = ".pre-commit-config.yaml"
    before = _read(root, name)
    if before is None:
        return Proposal(name, None, "repos:\n" + _indented(_HOOK, 2))
    if "id: compatcheck" in before:
        return Proposal(name, before, None, "it has the hook already")
    for spaces in (2, 0, 4):
        after = _ended(before) + _indented(_HOOK, spaces)
        if _adds(before, after, lambda old, new: new["repos"][:-1] == old["repos"] and len(new) == len(old)):
            return Proposal(name, before, after)
    return Proposal(name, before, None, "no place for the hook was found; docs/ci.md shows it")


def _jobs(root: str) -> Iterator[Proposal]:
    if os.path.isdir(os.path.join(root, ".github")):
        name = ".github/workflows/compatcheck.yml"
        before = _read(root, name)
        yield Proposal(
            name, before, _GITHUB if before is None else None, "" if before is None else "it is there already"
        )
    name = ".gitlab-ci.yml"
    before = _read(root, name)
    if before is not None:
        after = _ended(before) + _GITLAB
        fits = _adds(before, after, lambda old, new: {**new, **old} == new and set(new) - set(old) == {"compatcheck"})
        yield Proposal(name, before, after if fits else None, "" if fits else "it has such a job, or no place for one")


def _adds(before: str, after: str, right: Any) -> bool:
    """Whether the text with the addition is YAML that holds what was there, and the new thing where it belongs."""
    import yaml

    try:
        old, new = (yaml.load(text, yaml.BaseLoader) for text in (before, after))  # noqa: S506 - makes only strings
        return bool(right(old, new))
    except (yaml.YAMLError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def _indented(text: str, spaces: int) -> str:
    return "".join(" " * spaces + line for line in text.splitlines(keepends=True))


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else text + "\n"


def _read(root: str, name: str) -> str | None:
    data = read_if_there(os.path.join(root, name), _MOST)
    return None if data is None else data.decode("utf-8", "surrogateescape")
