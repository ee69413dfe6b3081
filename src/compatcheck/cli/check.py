"""`compatcheck check`: arguments to a run, its report to where it was asked for, its outcome to an exit code."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from compatcheck.cli.exits import FINDINGS, INCOMPLETE, PASSED, UsageMistakes, worst
from compatcheck.cli.given import mistakes_in, overrides
from compatcheck.cli.options import add_options
from compatcheck.cli.outputs import deliver
from compatcheck.cli.parser import add_command
from compatcheck.cli.progress import Progress
from compatcheck.cli.streams import out, tell

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.model.report import Report
    from compatcheck.model.settings import FailOn
    from compatcheck.project import Project
    from compatcheck.run.subject import Outside, ProjectCheck

    Only = Callable[[Project], Sequence[ProjectCheck]]  # the checks of a run that is not about the code itself

_EXAMPLES = """\
  compatcheck --target 3.7 .
  compatcheck --target ">=3.8,<3.14" --format sarif:report.sarif --format html:report.html src tests
  git show HEAD:app.py | compatcheck --target 3.8+ --stdin-filename app.py -

exit codes: 0 all checks passed, 1 findings, 2 usage or settings, 3 something could not be checked, 130 interrupted,
99 internal error
"""
_ANY = "3.0+"  # for what no version decides
_LEVELS = ("info", "warning", "error", "never")


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "check", "Check whether code runs on its targets.")
    parser.epilog = "examples:\n" + _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .); - for standard input")
    add_options(parser)


def run(args: argparse.Namespace) -> int:
    return run_checks(args)


def run_checks(args: argparse.Namespace, only: Only | None = None) -> int:
    """A run, its report and its exit code; with `only`, of these checks, which need no target."""
    project = project_of(args)
    if only is not None and not project.settings.targets:
        args.target = [_ANY]
        project = project_of(args)
    if "show_settings" in args:
        from compatcheck.project import render_settings

        out(render_settings(project, args.paths[0] if len(args.paths) == 1 and args.paths != ["-"] else None))
        return PASSED
    if "show_files" in args:
        return _show_files(project)
    if "watch" in args:
        from compatcheck.cli.watch import watch

        return watch(args, project.root, lambda: checked(project_of(args), args, only))
    return checked(project, args, only)


def _with_second_opinion(report: Report, project: Project) -> Report:
    from compatcheck.run.second_opinion import NoVermin, with_second_opinion

    try:
        return with_second_opinion(report, project)
    except NoVermin as error:
        raise UsageMistakes([str(error)]) from error


def project_of(args: argparse.Namespace) -> Project:
    """The settings in force. Raises UsageMistakes with everything that is wrong with the call and with them."""
    from compatcheck.project import BadSettings, open_project

    mistakes = mistakes_in(args)
    paths = [getattr(args, "stdin_filename", ".")] if args.paths == ["-"] else args.paths
    try:
        project = open_project(
            paths, overrides(args), config=getattr(args, "config", None), isolated="isolated" in args
        )
    except BadSettings as error:
        raise UsageMistakes([*mistakes, *map(str, error.errors)]) from error
    if mistakes:
        raise UsageMistakes([*mistakes, *_wrong_names(project)])
    return project


def _wrong_names(project: Project) -> list[str]:
    """What the run would find wrong with targets and rules."""
    from compatcheck.project import BadSettings
    from compatcheck.rulebook import load_rulebook
    from compatcheck.run.check import rule_names

    rulebook = load_rulebook(specs=project.specs())
    try:
        project.check_names([], rule_names(rulebook), rulebook.runtimes.parse)
    except BadSettings as error:
        return [str(mistake) for mistake in error.errors]
    return []


def _show_files(project: Project) -> int:
    from compatcheck.model.source import Unreadable
    from compatcheck.report.paths import seen_from
    from compatcheck.report.terminal import harmless

    found = list(project.discover())
    names = [harmless(seen_from(project.cwd, project.root, one.path)) for one in found]
    out("".join(f"{name}\n" for name, one in zip(names, found, strict=True) if not isinstance(one, Unreadable)))
    wrong = [f"{name}: {one.reason}" for name, one in zip(names, found, strict=True) if isinstance(one, Unreadable)]
    tell(map(harmless, wrong))
    return INCOMPLETE if wrong else PASSED


def checked(
    project: Project, args: argparse.Namespace, only: Only | None = None, outside: Outside | None = None
) -> int:
    """Checks, delivers the report, and gives the exit code; with `outside` the run may look beyond the project."""
    report = report_on(project, args, only, outside)
    if "second_opinion" in args:
        report = _with_second_opinion(report, project)
    deliver(report, args, project.cwd)
    return code_of(report, project.settings.fail_on, "exit_zero" in args)


def report_on(
    project: Project, args: argparse.Namespace, only: Only | None = None, outside: Outside | None = None
) -> Report:
    """The run's report. Raises UsageMistakes."""
    from compatcheck.project import BadSettings
    from compatcheck.run import check
    from compatcheck.run.subject import PROJECT_ONLY

    stdin = None
    if args.paths == ["-"]:
        stdin = project.stdin_source(sys.stdin.buffer.read(), getattr(args, "stdin_filename", None))
        if stdin is None:  # excluded: a run over nothing
            project = replace(project, paths=())
    try:
        with Progress("quiet" not in args) as progress:
            chosen = only(project) if only is not None else None
            report = check(project, progress, stdin, only=chosen, outside=outside or PROJECT_ONLY)
            return _since(args.diff_base, report, project, args, only) if "diff_base" in args else report
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error


def _since(revision: str, report: Report, project: Project, args: argparse.Namespace, only: Only | None) -> Report:
    """What changed since the revision. The code before the change is checked in the same way, without a baseline."""
    from compatcheck.project import BadSettings, open_project
    from compatcheck.run import check
    from compatcheck.run.changes import only_changed
    from compatcheck.run.git import GitError

    def check_at(folder: str, paths: Sequence[str]) -> Report:
        config = getattr(args, "config", None)
        try:
            before = open_project(
                paths or [folder],
                {**overrides(args), "cache": False},
                cwd=os.path.normpath(os.path.join(folder, os.path.relpath(project.cwd, project.root))),
                root=folder,
                config=config and os.path.abspath(config),
                isolated="isolated" in args,
            )
            settings = replace(before.settings, baseline=None)
            before = replace(before, scope=replace(before.scope, settings=settings))
            return check(before, only=only(before) if only is not None else None)
        except BadSettings as error:
            raise GitError("; ".join([f"the settings of {revision}", *map(str, error.errors)])) from error

    try:
        return only_changed(report, project, revision, check_at)
    except GitError as error:
        raise UsageMistakes([f"--diff-base: {error}"]) from error


def code_of(report: Report, fail_on: FailOn, exit_zero: bool) -> int:
    """The exit code that a report stands for."""
    least = _LEVELS.index(fail_on)
    failed = any(_LEVELS.index(severity) >= least for severity, count in report.summary.by_severity.items() if count)
    codes = [FINDINGS] if failed and not exit_zero else []
    return worst([*codes, INCOMPLETE] if report.unreadable else codes)
