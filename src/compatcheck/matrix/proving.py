"""Compiles and imports on each interpreter, several at once, and joins the outcome with the report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from compatcheck.matrix.agreement import COMPILE, IMPORT, Results
from compatcheck.matrix.asking import Asking
from compatcheck.matrix.environments import clean
from compatcheck.matrix.interpreters import Interpreter
from compatcheck.matrix.masking import Masking
from compatcheck.matrix.plan import ROOTS, Plan
from compatcheck.matrix.processes import Processes
from compatcheck.model.report import Report
from compatcheck.model.source import Unreadable
from compatcheck.report.explaining import test_runs

Tell = Callable[[str, str], None]  # (version, what it does now)


@dataclass(frozen=True)
class Means:
    """How to prove. `item` seconds may one import take, `step` seconds a command or an installation."""

    processes: Processes
    masking: Masking
    environ: Mapping[str, str]
    tell: Tell
    item: float
    step: float
    jobs: int


def verified(plan: Plan, interpreters: Iterable[Interpreter], means: Means, imports: bool) -> list[Results]:
    """Every file compiled, and with `imports` every module imported, on every interpreter."""

    def prove(interpreter: Interpreter) -> list[Results]:
        asking = Asking(interpreter.path, means.processes, plan.base, clean(means.environ), means.item)
        done = [compiled(plan, interpreter, asking, means)]
        if imports:
            means.tell(interpreter.version, "importing")
            roots = [os.path.join(plan.base, root) for root in ROOTS]
            cases = asking.imported(plan.modules[interpreter.version], roots, (), plan.foreign)
            done.append(Results(interpreter.version, IMPORT, tuple(map(means.masking.case, cases))))
        return done

    return on_each(interpreters, prove, means)


def compiled(plan: Plan, interpreter: Interpreter, asking: Asking, means: Means) -> Results:
    means.tell(interpreter.version, "compiling")
    cases = asking.compiled(plan.files[interpreter.version])
    return Results(interpreter.version, COMPILE, tuple(map(means.masking.case, cases)))


def on_each(
    interpreters: Iterable[Interpreter], prove: Callable[[Interpreter], list[Results]], means: Means
) -> list[Results]:
    """The results of all, in the order of the interpreters. Whatever ends the wait ends all processes."""
    with ThreadPoolExecutor(means.jobs) as pool:
        futures = [pool.submit(prove, one) for one in interpreters]
        try:
            return [each for future in futures for each in future.result()]
        except BaseException:
            means.processes.cancel()
            pool.shutdown(cancel_futures=True)
            raise


def joined(report: Report, plan: Plan, results: Sequence[Results]) -> Report:
    """The report with the results, and with the versions that nobody could ask."""
    proven = {each.runtime for each in results}
    missing = [
        Unreadable(f"Python {version}", "no interpreter found; --python names one")
        for version in plan.versions
        if version not in proven
    ]
    told = [(each.runtime, each.source, each.cases) for each in results]
    return replace(report, tests=test_runs(report, told), unreadable=(*report.unreadable, *missing))
