"""The flow as Python functions, for `import compatcheck`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from os import PathLike

from compatcheck.model.report import Report
from compatcheck.model.source import Source
from compatcheck.project import open_project
from compatcheck.run.check import check


def check_source(data: bytes, targets: Iterable[str], path: str) -> Report:
    """The report on one module's bytes; raises BadSettings (a ValueError) for unknown targets."""
    project = open_project((".",), {"target": list(targets), "cache": False}, isolated=True)
    return check(project, stdin=Source(path, data))


def check_paths(paths: Iterable[str | PathLike[str]], targets: Iterable[str]) -> Report:
    """The report on files and folders; raises BadSettings (a ValueError) for unknown targets or none."""
    specs = list(targets)
    project = open_project([os.fspath(path) for path in paths], {"target": specs} if specs else {})
    return check(project)
