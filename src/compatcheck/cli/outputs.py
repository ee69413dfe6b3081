"""Where a report goes: the formats asked for, each to standard output or to a file of its own."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compatcheck.cli.exits import UsageMistakes
from compatcheck.cli.nearest import hint
from compatcheck.cli.streams import append, out, tell, wants_color, width, write
from compatcheck.report import FORMATS, View

if TYPE_CHECKING:
    from compatcheck.model.report import Report

_MOST_SUMMARY_BYTES = 1 << 20  # of a step; GitHub drops a longer one


class Output(NamedTuple):
    """A format, and the file it goes to; None is standard output."""

    format: str
    file: str | None


def outputs_of(args: argparse.Namespace, default: str | None = "text") -> list[Output]:
    """`--format F` is for standard output, `--format F:FILE` for a file; `--output` takes the former's place.

    Without a default, what nobody asked for is no output.
    """
    asked = [Output(name, file or None) for name, _, file in (text.partition(":") for text in _asked(args))]
    plain = next((one.format for one in asked if one.file is None), default)
    file = getattr(args, "output", None)
    first = [Output(plain or "text", file)] if plain or file else []
    return [*first, *(one for one in asked if one.file is not None)]


def _asked(args: argparse.Namespace) -> Sequence[str]:
    found: Sequence[str] = getattr(args, "format", ())
    return found


def output_mistakes(args: argparse.Namespace) -> list[str]:
    """What is wrong with the formats and files asked for."""
    found = []
    known = f"known are {', '.join(FORMATS)}"
    for text in _asked(args):
        name = text.partition(":")[0]
        if name not in FORMATS:
            found.append(f"--format: unknown format {name!r}{hint(name, FORMATS, known)}")
        elif text.endswith(":"):
            found.append(f"--format: {text!r} names no file")
    if sum(":" not in text for text in _asked(args)) > 1:
        found.append("--format: one format goes to standard output, others to files: --format sarif:report.sarif")
    options = [
        ("--output", getattr(args, "output", None)),
        *(("--format", text.partition(":")[2]) for text in _asked(args)),
    ]
    files = [os.path.abspath(file) for _, file in options if file]
    found += [
        f"--format: two forms go to {file!r}" for file in sorted({each for each in files if files.count(each) > 1})
    ]
    return [*found, *(mistake for option, file in options if file for mistake in _file_mistakes(option, Path(file)))]


def _file_mistakes(option: str, file: Path) -> Iterable[str]:
    if not file.parent.is_dir():
        yield f"{option}: there is no folder {str(file.parent)!r}"
    elif file.is_dir():
        yield f"{option}: {str(file)!r} is a folder"


def deliver(report: Report, args: argparse.Namespace, cwd: str | None = None, default: str | None = "text") -> bool:
    """The report in every form asked for; files are whole or untouched. Whether standard output is still free.

    Raises UsageMistakes for files that are not writable.
    """
    view = View(
        width=width(),
        cwd=cwd,
        top=_top(report.run.root),
        quiet="quiet" in args,
        verbose="verbose" in args,
        statistics="statistics" in args,
    )
    mistakes = []
    outputs = outputs_of(args, default)
    for output in outputs:
        colored = output.file is None and wants_color(getattr(args, "color", "auto"))
        text = FORMATS[output.format](report, replace(view, color=colored))
        try:
            if output.file is None:
                out(text)
            else:
                write(Path(output.file), text)
        except OSError as error:
            mistakes.append(f"{output.file!r} cannot be written: {error.strerror}")
        if output.format == "github":
            _job_summary(report, view)
    if mistakes:
        raise UsageMistakes(mistakes)
    return all(output.file is not None for output in outputs)


def _top(root: str) -> str | None:
    """The repository's top, in whose terms services name files: CI says it, or git does."""
    from compatcheck.project.gitfiles import git_top

    said = (os.environ.get("GITHUB_WORKSPACE"), os.environ.get("CI_PROJECT_DIR"))
    tops = [os.path.realpath(place) for place in said if place]
    tops += filter(None, [git_top(root) if os.path.isabs(root) else None])
    return next((top for top in tops if (root + os.sep).startswith(top.rstrip(os.sep) + os.sep)), None)


def _job_summary(report: Report, view: View) -> None:
    """GitHub shows what stands in this file beside the job; what it could not take is no reason to fail."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    text = FORMATS["markdown"](report, view)
    path = Path(file)
    try:
        taken = path.stat().st_size if path.is_file() else 0
        if taken + len(text.encode("utf-8", "replace")) > _MOST_SUMMARY_BYTES:
            tell(["the job summary is full: the report is not in it"])
            return
        append(path, text)
    except OSError as error:
        tell([f"GITHUB_STEP_SUMMARY cannot be written: {error.strerror}"])
