"""`compatcheck clean`: removes caches, and only those that compatcheck made."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import INCOMPLETE, PASSED
from compatcheck.cli.parser import add_command
from compatcheck.cli.streams import out, tell
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands

_PASSED_OVER = frozenset({".git", "node_modules"})


def add_parser(commands: Commands) -> None:
    parser = add_command(
        commands, "clean", "Remove the caches (.compatcheck_cache) of the project around and below PATH."
    )
    parser.add_argument("path", metavar="PATH", nargs="*", default=["."], help="folders (default: the current one)")


def run(args: argparse.Namespace) -> int:
    missing = [path for path in args.path if not Path(path).is_dir()]
    tell(f"{harmless(path)}: no such folder" for path in missing)
    failed = bool(missing)
    caches = sorted({cache for path in args.path if path not in missing for cache in _caches(Path(path))})
    for cache in caches:
        failed |= not _removed(cache)
    if not caches:
        out("There is no cache to remove.\n")
    return INCOMPLETE if failed else PASSED


def _caches(folder: Path) -> Iterator[Path]:
    """The caches below a folder, and that of the project it lies in."""
    from compatcheck.project import open_project
    from compatcheck.run.cache import FOLDER

    root = Path(open_project([str(folder)], isolated=True).root)
    if _ours(root / FOLDER):
        yield root / FOLDER
    folder = folder.resolve()
    for place, folders, _files in os.walk(folder):
        if FOLDER in folders and _ours(Path(place, FOLDER)):
            yield Path(place, FOLDER)
        folders[:] = [name for name in folders if name != FOLDER and name not in _PASSED_OVER]


def _ours(cache: Path) -> bool:
    """Whether compatcheck made the folder: its tag says so. A link leads elsewhere."""
    if cache.is_symlink():
        return False
    try:
        return "compatcheck" in (cache / "CACHEDIR.TAG").read_text("utf-8", "replace")[:200]
    except OSError:
        return False


def _removed(cache: Path) -> bool:
    import shutil

    try:
        shutil.rmtree(cache)
    except OSError as error:
        tell([f"{harmless(str(cache))} cannot be removed: {error.strerror}"])
        return False
    out(f"removed {harmless(str(cache))}\n")
    return True
