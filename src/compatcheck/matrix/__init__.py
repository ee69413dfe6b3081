"""Code on real interpreters, and what they say of it held against the report. Runs the checked project's own code."""
