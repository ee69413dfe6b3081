"""One file's bytes to problems and facts. Pure: no files, clock, console, environment or processes."""

from compatcheck.analyze.analyzer import Analyzer

__all__ = ["Analyzer"]
