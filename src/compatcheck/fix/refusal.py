"""Why something is not fixed, as a value that fixes raise."""

from __future__ import annotations


class Refused(Exception):
    """A fix that will not be made; the message completes "not fixed: …"."""


class Later(Exception):
    """What was changed so far makes way for the fix itself, in the next pass."""
