"""`compatcheck fix`: rewrites files, shows what it would rewrite, and says what it leaves and why."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from compatcheck.cli.exits import FINDINGS, INCOMPLETE, UsageMistakes, worst
from compatcheck.cli.given import overrides
from compatcheck.cli.options import GROUPS
from compatcheck.cli.parser import add_command
from compatcheck.cli.progress import Progress
from compatcheck.cli.streams import out, tell
from compatcheck.report.paths import seen_from
from compatcheck.report.terminal import harmless

if TYPE_CHECKING:
    from compatcheck.cli.parser import Commands
    from compatcheck.fix.fixer import Outcome
    from compatcheck.model.report import Finding, Report
    from compatcheck.project import File, Project

_EXAMPLES = """\
  compatcheck fix --target 3.7 src/
  compatcheck fix --target 3.8+ --diff .
  compatcheck fix --target 3.7 --unsafe --select positional-only-parameters src/

exit codes: 0 nothing is left to do, 1 findings are left (with --check or --diff: or files would change), 2 usage or
settings, 3 something could not be checked or written, 130 interrupted, 99 internal error
"""
_SHARED = {
    "--target", "--select", "--ignore", "--extend-include", "--exclude", "--extend-exclude", "--force-exclude",
    "--config", "--isolated", "--jobs", "--no-cache",
}  # fmt: skip


def add_parser(commands: Commands) -> None:
    parser = add_command(commands, "fix", "Rewrite code so that it runs on its targets.")
    parser.epilog = "examples:\n" + _EXAMPLES
    parser.add_argument("paths", metavar="PATH", nargs="*", help="files and folders (default: .)")
    parser.add_argument("--diff", action="store_true", help="show what would change, and change nothing")
    parser.add_argument("--check", action="store_true", help="only say whether something would change")
    parser.add_argument("--unsafe", action="store_true", help="also fixes that may change what the code does")
    parser.add_argument(
        "--guard", action="store_true", help="where nothing else helps, keep code from running where it would fail"
    )
    parser.add_argument("--allow-dirty", action="store_true", help="rewrite files that git has not got as they are")
    for options in GROUPS.values():
        for flags, how in options:
            if flags[-1] in _SHARED:
                parser.add_argument(*flags, **how, default=argparse.SUPPRESS)


def run(args: argparse.Namespace) -> int:
    given = {**overrides(args), "checks": ["code"]}
    select = given.pop("select", [])
    assert isinstance(select, list)
    project = _opened(args, given)
    dry = args.diff or args.check
    if not dry and not args.allow_dirty:
        _refuse_dirty(project)
    report = _checked(project, select)
    outcomes = _outcomes(project, report, args, select)
    codes = [INCOMPLETE] if report.unreadable else []
    tell(f"{harmless(one.path)}: {harmless(one.reason)}" for one in report.unreadable)
    codes += _delivered(project, outcomes, args)
    return worst(codes)


def _opened(args: argparse.Namespace, given: Mapping[str, object]) -> Project:
    from compatcheck.project import BadSettings, open_project

    if "config" in args and "isolated" in args:
        raise UsageMistakes(["--config and --isolated contradict each other"])
    try:
        return open_project(args.paths, given, config=getattr(args, "config", None), isolated="isolated" in args)
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error


def _refuse_dirty(project: Project) -> None:
    from compatcheck.fix.worktree import changed_in_git

    changed = changed_in_git(project.root, project.paths)
    if changed:
        some = ", ".join(harmless(name) for name in changed[:3]) + (", …" if len(changed) > 3 else "")
        raise UsageMistakes([f"git has uncommitted changes ({some}): commit them, or give --allow-dirty"])


def _checked(project: Project, select: Sequence[str]) -> Report:
    from compatcheck.project import BadSettings
    from compatcheck.rulebook import load_rulebook
    from compatcheck.run import check
    from compatcheck.run.check import rule_names

    known = rule_names(load_rulebook(specs=project.specs()))
    wrong = [
        f"unknown rule {name!r} in --select; `compatcheck rules` lists them" for name in select if name not in known
    ]
    if wrong:
        raise UsageMistakes(wrong)
    try:
        with Progress(True) as progress:
            return check(project, progress)
    except BadSettings as error:
        raise UsageMistakes(map(str, error.errors)) from error


def _outcomes(
    project: Project, report: Report, args: argparse.Namespace, select: Sequence[str]
) -> list[tuple[File, Outcome]]:
    """What becomes of each file with findings, in the order of their names. Nothing is written yet."""
    by_path: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_path.setdefault(finding.path, []).append(finding)
    if not by_path:
        return []
    from compatcheck.fix import Work
    from compatcheck.project import File
    from compatcheck.run.pool import Crashed, work_on

    files = [one for one in project.discover() if isinstance(one, File) and one.path in by_path]
    items = [(file, by_path[file.path]) for file in files]
    work = Work(project, [file.settings for file in files], select, args.unsafe, args.guard)
    done: dict[int, Outcome] = {}
    with Progress(True) as progress:
        for index, outcome in work_on(items, work, project.settings.jobs or os.cpu_count() or 1):
            done[index] = _crashed(files[index], items[index][1]) if isinstance(outcome, Crashed) else outcome
            progress(len(done), len(items))
    return [(files[index], done[index]) for index in sorted(done)]


def _crashed(file: File, findings: Sequence[Finding]) -> Outcome:
    from compatcheck.fix.fixer import Outcome

    return Outcome(file.path, b"", left=tuple(findings), kept="the process that rewrote it died")


def _delivered(project: Project, outcomes: Sequence[tuple[File, Outcome]], args: argparse.Namespace) -> list[int]:
    codes: list[int] = []
    changed = 0
    for file, outcome in outcomes:
        name = harmless(seen_from(project.cwd, project.root, file.path))
        if outcome.after is not None:
            changed += 1
            if args.diff:
                out(_diff(name, outcome.before, outcome.after))
            if not (args.diff or args.check) and not _written(file, outcome, name):
                codes.append(INCOMPLETE)
        out(_told(name, outcome, dry=args.diff or args.check))
        codes += [FINDINGS] if any(one.severity == "error" for one in outcome.left) else []
    if changed and (args.diff or args.check):
        codes.append(FINDINGS)
    out(_dependencies(project, outcomes, dry=args.diff or args.check))
    out(_summary(changed, outcomes, dry=args.diff or args.check))
    return codes


def _written(file: File, outcome: Outcome, name: str) -> bool:
    from compatcheck.fix.writing import write

    assert outcome.after is not None
    try:
        write(file.location, outcome.before, outcome.after)
    except OSError as error:
        tell([f"{name} cannot be written: {error.strerror or error}"])
        return False
    return True


def _diff(name: str, before: bytes, after: bytes) -> str:
    from difflib import unified_diff

    old, new = (data.decode("utf-8", "replace").splitlines(keepends=True) for data in (before, after))
    lines = unified_diff(old, new, f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _told(name: str, outcome: Outcome, dry: bool) -> str:
    """What became of one file, and of each finding that stays."""
    lines = []
    if outcome.after is not None:
        rules = ", ".join(f"{rule} ×{count}" if count > 1 else rule for rule, count in sorted(outcome.fixed.items()))
        lines.append(f"{name}: {'would fix' if dry else 'fixed'} {rules}")
    if outcome.kept is not None:
        lines.append(f"{name}: not rewritten: {harmless(outcome.kept)}")
    for refusal in outcome.refused:
        one = refusal.finding
        place = f"{name}:{one.line}:{one.column}"
        lines.append(f"{place} not fixed: {harmless(one.message)}: {harmless(refusal.reason)} [{one.rule}]")
    return "".join(f"{line}\n" for line in lines)


def _dependencies(project: Project, outcomes: Sequence[tuple[File, Outcome]], dry: bool) -> str:
    """Adds what the fixed code needs to the pyproject.toml of its project, or says what to add where that is not done."""
    from compatcheck.fix.changes import Distribution

    wanted: dict[str | None, set[Distribution]] = {}
    for file, outcome in outcomes:
        if outcome.needs:
            from compatcheck.fix.dependencies import nearest_pyproject

            place = nearest_pyproject(project.root, os.path.dirname(file.location))
            wanted.setdefault(place, set()).update(outcome.needs)
    return "".join(_declared(project, place, needs, dry) for place, needs in sorted(wanted.items(), key=str))


def _declared(project: Project, place: str | None, needs: set, dry: bool) -> str:  # type: ignore[type-arg]
    from compatcheck.fix.dependencies import requirement, with_dependencies
    from compatcheck.fix.refusal import Refused
    from compatcheck.fix.writing import write

    listed = ", ".join(sorted(map(requirement, needs)))
    if place is None:
        return f"The fixed code needs {listed}: there is no pyproject.toml to add it to.\n"
    name = harmless(seen_from(project.cwd, project.root, os.path.relpath(place, project.root)))
    try:
        before = Path(place).read_bytes()
        after = with_dependencies(before.decode("utf-8"), needs).encode("utf-8")
        if after == before:
            return ""
        if not dry:
            write(place, before, after)
    except (OSError, UnicodeDecodeError, Refused) as error:
        return f"The fixed code needs {listed}: add it by hand ({harmless(str(error))}).\n"
    return f"{name}: {'would add' if dry else 'added'} {listed}\n"


def _summary(changed: int, outcomes: Sequence[tuple[File, Outcome]], dry: bool) -> str:
    fixed = sum(sum(outcome.fixed.values()) for _, outcome in outcomes)
    left = sum(one.severity == "error" for _, outcome in outcomes for one in outcome.left)
    if not changed:
        return f"Nothing to fix{f'; {left} errors stay' if left else ''}.\n"
    verb = "Would fix" if dry else "Fixed"
    return f"{verb} {fixed} in {changed} {'file' if changed == 1 else 'files'}; {left} errors stay.\n"
