"""Files to Sources: the only place of a run that reads code."""

from __future__ import annotations

from compatcheck.model.source import Source, Unreadable
from compatcheck.project.files import NotRegular, TooLarge, read_bytes
from compatcheck.project.walk import File, reason_of

LIMIT = 64 << 20  # bytes; no hand wrote a larger module, and trees take many times that


def read(file: File, limit: int = LIMIT) -> Source | Unreadable:
    """The file's bytes as they are now, whatever happened to it since it was found."""
    try:
        return Source(file.path, read_bytes(file.location, limit), file.kind)
    except TooLarge:
        return Unreadable(file.path, f"larger than {limit >> 20} MB")
    except NotRegular:
        return Unreadable(file.path, "not a regular file")
    except FileNotFoundError:
        return Unreadable(file.path, "it vanished while compatcheck ran")
    except (OSError, ValueError) as error:
        return Unreadable(file.path, reason_of(error))
