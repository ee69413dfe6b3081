"""Verdicts about packages against pip's own, and the time that an index takes: `python -m tools.packages`."""
