"""Collects what the standard library had in each Python version and writes rules/stdlib from it."""
