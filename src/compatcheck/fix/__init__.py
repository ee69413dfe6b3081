"""Code that a target cannot run, rewritten so that it can: libcst, driven by the findings of a run."""

from compatcheck.fix.api import Fixes
from compatcheck.fix.work import Work

__all__ = ["Fixes", "Work"]
