"""compatcheck: will this Python code run where it is going?

The typed API: `check_source` for one text, `check_paths` for files and folders. Both give a
`compatcheck.model.report.Report`. Targets are SPECs: `"3.7"`, `"3.8-3.13"`, `">=3.8,<3.14"`, `"3.8+"`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike

    from compatcheck.model.report import Report

__all__ = ["__version__", "check_paths", "check_source"]
__version__ = "0.1.0"


def check_source(source: str | bytes, targets: Iterable[str], path: str = "source.py") -> Report:
    """The report on one module's text. Raises `UnknownTarget` (a ValueError) for a target that does not exist."""
    from compatcheck.run import check_source as check

    return check(source.encode("utf-8", "surrogatepass") if isinstance(source, str) else source, targets, path)


def check_paths(paths: Iterable[str | PathLike[str]], targets: Iterable[str] = ()) -> Report:
    """The report on files and folders, with the settings found beside them. Raises `UnknownTarget` likewise."""
    from compatcheck.run import check_paths as check

    return check(paths, targets)
