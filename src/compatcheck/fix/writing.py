"""A new text into an old file: whole or untouched, with the file's mode; links lead to what they point at."""

from __future__ import annotations

import os
import stat
import tempfile


def write(location: str, before: bytes, after: bytes) -> None:
    """Raises OSError, also when the file is no longer what was read."""
    place = os.path.realpath(location)
    with open(place, "rb") as file:
        if file.read() != before:
            raise OSError(0, "it changed meanwhile")
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    handle, new = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".compatcheck-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(after)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(new, mode)
        os.replace(new, place)
    except BaseException:
        os.unlink(new)
        raise
