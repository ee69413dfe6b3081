"""Built distributions: what they say, against the code and files inside."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence

import compatcheck
from compatcheck.analyze import Analyzer
from compatcheck.depends import archives, distribution
from compatcheck.depends.archives import Fault
from compatcheck.depends.versions import Versions
from compatcheck.model.problems import Analysed, Analysis, Problem
from compatcheck.model.report import FileResult, Report, Run
from compatcheck.model.rules import Rulebook
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.settings import Settings
from compatcheck.model.source import Source, Unreadable
from compatcheck.project.files import NotRegular, TooLarge, read_bytes
from compatcheck.project.walk import reason_of
from compatcheck.report.counting import errors_of, summary_of
from compatcheck.rulebook import load_rulebook
from compatcheck.run.assemble import assemble_file

LIMIT = 1 << 30
ENDINGS = (".whl", ".tar.gz", ".zip", ".tar.bz2")
# In an sdist much lies beside the package; what the package is nobody can say without building it.
_BESIDE = frozenset({"tests", "test", "docs", "doc", "examples", "benchmarks", "tools", "scripts", "setup.py"})


def check_distributions(paths: Sequence[str], root: str) -> Report:
    """The report on archives, named as they were given."""
    started, clock = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()), time.perf_counter()
    rulebook = load_rulebook()
    targets = rulebook.runtimes.cpython3
    analyzer = Analyzer(rulebook, targets)
    results, findings, unreadable = [], [], list[Unreadable]()
    for path in paths:
        shown = os.path.relpath(path, root).replace(os.sep, "/")
        analysed = _checked(path, shown, rulebook, analyzer, targets)
        if isinstance(analysed, Unreadable):
            unreadable.append(analysed)
            continue
        found, _, _ = assemble_file(analysed, targets, Settings(), rulebook, frozenset())
        results.append(FileResult(shown, analysed.size, errors_of(found)))
        findings += found
    names = rulebook.runtimes.names(targets)
    run = Run(started, round(time.perf_counter() - clock, 3), _python(), root, names, False, tuple(paths), ("dist",))
    return Report(
        tool={"name": "compatcheck", "version": compatcheck.__version__, "rules": rulebook.digest},
        run=run,
        summary=summary_of(results, findings, names, (None, None)),
        findings=tuple(findings),
        unreadable=tuple(unreadable),
        files=tuple(results),
    )


def _python() -> str:
    import platform

    return platform.python_version()


def _checked(
    path: str, shown: str, rulebook: Rulebook, analyzer: Analyzer, targets: RuntimeSet
) -> Analysed | Unreadable:
    try:
        data = read_bytes(path, LIMIT)
    except TooLarge:
        return Unreadable(shown, f"larger than {LIMIT >> 20} MB")
    except NotRegular:
        return Unreadable(shown, "not a regular file")
    except (OSError, ValueError) as error:
        return Unreadable(shown, reason_of(error))
    found = archives.opened(os.path.basename(path), data)
    faults = list(found.faults)
    if found.broken is not None:
        faults.append(Fault("archive-broken", (("reason", found.broken),)))
    else:
        faults += _faults(os.path.basename(path), found.files, analyzer, Versions(rulebook.runtimes))
    problems = tuple(dict.fromkeys(_problem(fault, rulebook, targets) for fault in faults))
    return Analysed(shown, len(data), Analysis(problems))


def _faults(name: str, files: Mapping[str, bytes], analyzer: Analyzer, versions: Versions) -> Iterator[Fault]:
    if name.endswith(".whl"):
        yield from distribution.wheel_faults(name, files)
    metadata = distribution.metadata_of(files)
    if metadata is None:
        yield Fault("metadata-missing")
        return
    yield from distribution.metadata_faults(metadata[1])
    yield from distribution.name_faults(name, metadata[1])
    text, stated = distribution.stated_by(metadata[1], versions)
    runs, reason = _runs_on(name, files, analyzer, versions)
    failing = stated & versions.runtimes.cpython3 - runs
    if failing and reason:
        shown = (("text", text or ""), ("versions", versions.runtimes.phrase(failing)), *reason)
        yield Fault("distribution-requires-python", shown)
    if text is None and reason and versions.runtimes.cpython3 - runs:
        shown = (("versions", versions.runtimes.phrase(versions.runtimes.cpython3 - runs)), *reason)
        yield Fault("distribution-says-no-python", shown)
    if name.endswith(".whl") and distribution.python2_tagged(name) and text and not versions.one("2.7") <= stated:
        yield Fault("wheel-tagged-python2", (("text", text),))


def _runs_on(
    name: str, files: Mapping[str, bytes], analyzer: Analyzer, versions: Versions
) -> tuple[RuntimeSet, tuple[tuple[str, str], ...]]:
    """The Python 3 versions on which every module can be imported, and what stands against the others."""
    fails, reason = NO_RUNTIMES, tuple[tuple[str, str], ...]()
    for path in _modules(name, files):
        for problem in analyzer(Source(path, files[path])).problems:
            loading = problem.kind == "syntax" or (problem.excerpt or "")[:1].strip() != ""
            if problem.severity == "error" and problem.confidence == "certain" and loading:
                if problem.fails - fails and len(problem.fails) >= len(fails):
                    line = problem.span.line if problem.span else 1
                    reason = (("where", f"{path}:{line}"), ("what", problem.message))
                fails |= problem.fails
    return versions.runtimes.cpython3 - fails, reason


def _modules(name: str, files: Mapping[str, bytes]) -> Iterable[str]:
    """The modules that an installation brings."""
    for path in sorted(files):
        parts = path.split("/") if name.endswith(".whl") else path.split("/")[1:]
        folder = "/".join(path.split("/")[:-1])
        packaged = f"{folder}/__init__.py" in files or len(parts) == 1
        if path.endswith(".py") and packaged and _BESIDE.isdisjoint(parts):
            yield path


def _problem(fault: Fault, rulebook: Rulebook, targets: RuntimeSet) -> Problem:
    text, names = rulebook.texts[fault.rule], dict(fault.names)
    return Problem(
        rule=fault.rule,
        kind="metadata",
        severity=fault.severity or text.severity,
        confidence="certain",
        message=text.message.format_map(names),
        span=None,
        excerpt=None,
        works=NO_RUNTIMES,
        reach=targets,
        symbol=names.get("file") or names.get("field"),
        instead=text.instead.format_map(names) if text.instead else None,
    )
