"""The whole flow: settings, files, rules, analysis, report."""

from compatcheck.run.api import check_paths, check_source
from compatcheck.run.check import check
from compatcheck.run.single import Single

__all__ = ["Single", "check", "check_paths", "check_source"]
