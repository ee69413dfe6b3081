"""Snippets with the versions on which they fail, as real interpreters say it."""

from tools.suite.cases import VERSIONS, Case, cases_of, read, write
from tools.suite.running import failing

__all__ = ["VERSIONS", "Case", "cases_of", "failing", "read", "write"]
