"""The whole flow: settings, files, rules, analysis, report."""

from compatcheck.run.api import check_paths, check_source
from compatcheck.run.check import check

__all__ = ["check", "check_paths", "check_source"]
