"""`compatcheck check --watch`: checks again when a file changes; the cache answers for those that did not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.outputs import outputs_of
from compatcheck.cli.streams import out, tell
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from watchfiles import Change

_PASSED_OVER = (".compatcheck_cache",)
_NAMED = 5


def watch(args: argparse.Namespace, root: str, once: Callable[[], int]) -> int:
    """Runs `once`, and again after each change below the root, until it is interrupted."""
    try:
        import watchfiles
    except ModuleNotFoundError as error:
        raise UsageMistakes(["--watch needs watchfiles: pip install 'compatcheck[watch]'"]) from error
    _run(once)
    for changes in watchfiles.watch(os.path.realpath(root), watch_filter=_wanted(args), step=100):
        names = sorted({os.path.relpath(path, root) for _, path in changes})
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        out(f"\nChanged: {', '.join(map(harmless, names[:_NAMED]))}{more}\n\n")
        _run(once)
    return 0


def _run(once: Callable[[], int]) -> None:
    """A mistake in the settings is told; the next change may mend it."""
    try:
        once()
    except UsageMistakes as error:
        tell(f"error: {mistake}" for mistake in error.mistakes)


def _wanted(args: argparse.Namespace) -> Callable[[Change, str], bool]:
    """Neither caches and version control, nor what we write ourselves: a report, whole or on its way."""
    from watchfiles import DefaultFilter

    usual = DefaultFilter(ignore_dirs=(*DefaultFilter.ignore_dirs, *_PASSED_OVER))
    ours = [Path(one.file).resolve() for one in outputs_of(args) if one.file is not None]

    def wanted(change: Change, path: str) -> bool:
        place = Path(path)
        own = any(
            place.parent == each.parent and (place.name == each.name or place.name.startswith(f".{each.name}."))
            for each in ours
        )
        return usual(change, path) and not own

    return wanted
