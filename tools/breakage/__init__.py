"""Breaks valid configuration files, each in one way, and says whether compatcheck finds it, at the right line."""
