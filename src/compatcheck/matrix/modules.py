"""Which files are modules that can be imported, and under which name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatch
from posixpath import basename, dirname, relpath, splitext

from compatcheck.link.modules import import_root

# They run when they are imported, or are imported by the tool whose they are.
_RUN = ("setup.py", "conftest.py", "noxfile.py", "__main__.py", "test_*.py", "*_test.py")
_TESTS = frozenset({"tests", "test"})


def module_names(paths: Iterable[str], roots: Collection[str]) -> dict[str, str]:
    """By its name the path of every module that can be imported from one of the roots (`""`, `src`)."""
    paths = list(paths)
    known = frozenset(paths)
    found: dict[str, str] = {}
    for path in paths:
        root = import_root(dirname(path), known.__contains__)
        parts = splitext(relpath(path, root or "."))[0].split("/")
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        plain = all(part.isidentifier() for part in parts)
        if root in roots and plain and name and parts[0] not in _TESTS and not _runs(path):
            found.setdefault(name, path)
    return found


def _runs(path: str) -> bool:
    return any(fnmatch(basename(path), pattern) for pattern in _RUN)
