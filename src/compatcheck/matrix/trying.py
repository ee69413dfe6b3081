"""A project installed and tested in an environment for each version."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from compatcheck.matrix.agreement import IMPORT, INSTALL, Results
from compatcheck.matrix.asking import Asking
from compatcheck.matrix.commanding import ran, tail
from compatcheck.matrix.environments import Environment, Installer, NotInstalled, clean, requirements_of
from compatcheck.matrix.interpreters import Interpreter
from compatcheck.matrix.plan import ROOTS, Plan
from compatcheck.matrix.processes import TimedOut
from compatcheck.matrix.proving import Means, compiled, on_each
from compatcheck.report.junit_results import Case

_SITE = re.compile(r"[^\s\"']*[\\/]site-packages[\\/]")


@dataclass(frozen=True)
class Trial:
    """`install` are pip's arguments, None for what the project's files ask for; `command` may be empty; `logs` is a
    folder that gets what each version's programs printed.
    """

    command: Sequence[str]
    install: Sequence[str] | None
    logs: Path | None


def tried(plan: Plan, interpreters: Iterable[Interpreter], trial: Trial, means: Means) -> list[Results]:
    """Each version's compilation, imports and command, in environments that are gone afterwards."""

    def prove(interpreter: Interpreter) -> list[Results]:
        with tempfile.TemporaryDirectory(prefix=f"compatcheck-{interpreter.version}-") as folder:
            one = _One(plan, interpreter, trial, means, Path(folder))
            try:
                return one.results()
            finally:
                one.keep_log()

    return _settled(on_each(interpreters, prove, means))


class _One:
    """One version's trial, in a folder of its own."""

    def __init__(self, plan: Plan, interpreter: Interpreter, trial: Trial, means: Means, work: Path) -> None:
        self._plan, self._interpreter, self._trial, self._means = plan, interpreter, trial, means
        self._work, self._log = work, work / "log"
        self._version = interpreter.version

    def results(self) -> list[Results]:
        means = self._means
        asking = Asking(self._interpreter.path, means.processes, self._plan.base, clean(means.environ), means.item)
        done = [compiled(self._plan, self._interpreter, asking, means)]
        installer = Installer(means.processes, means.step, self._log)
        try:
            made = self._installed(installer)
            done.append(self._imported(made))
            if self._trial.command:
                means.tell(self._version, f"running {self._trial.command[0]}")
                cases = ran(self._trial.command, made, installer, means.processes, means.step, self._log)
                done.append(self._seen("command", cases))
        except (NotInstalled, TimedOut) as error:
            why, told = str(error) or f"took longer than {means.step:g} seconds", tail(self._log)
            message = ": ".join(filter(None, [why, _reason(told)]))
            done.append(self._seen(INSTALL, [Case("the environment", True, False, message, f"{message}\n{told}")]))
        return done

    def _installed(self, installer: Installer) -> Environment:
        self._means.tell(self._version, "installing")
        made = installer.make(self._interpreter, self._plan.base, self._work, self._means.environ)
        asked = self._trial.install
        installer.install(made, requirements_of(self._plan.base) if asked is None else asked)
        return made

    def _imported(self, made: Environment) -> Results:
        """What is installed goes first; modules that are not part of the package come from the project's copy."""
        means = self._means
        means.tell(self._version, "importing")
        asking = Asking(made.python, means.processes, str(made.project), made.environ, means.item)
        roots = [str(made.project / root) for root in ROOTS]
        return self._seen(IMPORT, asking.imported(self._plan.modules[self._version], (), roots, self._plan.foreign))

    def _seen(self, source: str, cases: Sequence[Case]) -> Results:
        """The cases without secrets, and with the project's own paths in place of the copy's and the environment's."""
        return Results(self._version, source, tuple(self._means.masking.case(self._at_home(case)) for case in cases))

    def _at_home(self, case: Case) -> Case:
        if not case.told:
            return case
        told = case.told.replace(str(self._work / "project"), self._plan.base)
        return replace(case, told=_SITE.sub(lambda _: f"{self._root}/", told))

    @property
    def _root(self) -> str:
        """Where the installed package's files come from."""
        source = os.path.join(self._plan.base, "src")
        return source if os.path.isdir(source) else self._plan.base

    def keep_log(self) -> None:
        if self._trial.logs is not None and self._log.exists():
            text = self._means.masking.text(self._log.read_text("utf-8", "replace"))
            (self._trial.logs / f"{self._version}.log").write_text(text, "utf-8")


def _reason(log: str) -> str:
    """The first line of an installer's output that speaks of an error, else its last."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    return next((line for line in lines if "error" in line.lower()), lines[-1] if lines else "")[:300]


def _settled(results: Sequence[Results]) -> list[Results]:
    """A module that is skipped on some versions only fails there: what it misses is no matter of taste."""
    works = {case.name for each in results for case in each.cases if not (case.failed or case.skipped)}

    def settled(source: str, case: Case) -> Case:
        told = source == IMPORT and case.skipped and bool(case.told)
        return replace(case, failed=True, skipped=False) if told and case.name in works else case

    return [replace(each, cases=tuple(settled(each.source, case) for case in each.cases)) for each in results]
