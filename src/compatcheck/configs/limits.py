"""How much of a file is looked at: what no hand wrote is refused before it costs time or memory."""

from __future__ import annotations

BYTES = 8 << 20
NODES = 100_000  # values, those that aliases repeat included
DEPTH = 100
DIGITS = 400  # of a number
PROBLEMS = 200  # of one file
