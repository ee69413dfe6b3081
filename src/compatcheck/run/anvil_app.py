"""What the sides of an Anvil app mean to each other: the Pythons that anvil.yaml chooses, modules that no client can
import, and client modules that the server imports too.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from compatcheck.model.problems import Analysed, Analysis, CodeFact, Outcome, Problem, Span
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.project import Project
from compatcheck.project.anvil import APP_FILE, AnvilApp
from compatcheck.project.files import read_if_there, shown
from compatcheck.run.subject import MODULES, Subject

facts = True


def asks(project: Project) -> bool:
    """Whether an app was met on the way to the files."""
    return bool(_apps(project))


def check(subject: Subject) -> Outcome:
    found: list[Analysed] = []
    also: dict[str, RuntimeSet] = {}
    for app in _apps(subject.project):
        sides = _Sides(app, subject)
        found += [*sides.pythons(), *sides.strangers()]
        also |= sides.shared()
    return Outcome(tuple(found), also=also)


def _apps(project: Project) -> list[AnvilApp]:
    return list(dict.fromkeys(scope.app for scope in project.finder.scopes if scope.app is not None))


class _Sides:
    """The code of one app."""

    def __init__(self, app: AnvilApp, subject: Subject) -> None:
        self._app = app
        self._subject = subject
        self._root = subject.project.root
        self._runtimes = subject.rulebook.runtimes
        located = [(each, os.path.join(self._root, each.path)) for each in subject.code]
        mine = [(each, app.side(place)) for each, place in located if place.startswith(app.folder + os.sep)]
        self._client = [each for each, side in mine if side == "client"]
        self._server = [each for each, side in mine if side == "server"]
        stdlib = subject.rulebook.stdlib
        self._standard = stdlib.names | {symbol.partition(".")[0] for symbol in stdlib.lacks}
        self._modules = {name: each for each in self._client if (name := self._module(each))}

    # What anvil.yaml chooses.

    def pythons(self) -> Iterator[Analysed]:
        """The findings about anvil.yaml itself."""
        location = os.path.join(self._app.folder, APP_FILE)
        path = shown(location, self._root)
        data = read_if_there(location, 16 << 20)
        if data is None or not self._subject.project.covers(path):
            return
        lines = data.decode("utf-8", "replace").splitlines()
        problems = [*self._old_client(lines), *self._old_server(lines)]
        yield Analysed(path, len(data), Analysis(tuple(problems)))

    def _old_client(self, lines: list[str]) -> Iterator[Problem]:
        told = "config" in MODULES and "config" in self._subject.project.settings.checks  # by the file's own check
        if self._app.client_version != "3" and not told:
            said = self._app.client_version
            cause = f"`client_version` is {said!r}" if said else "there is no `client_version`"
            key = "client_version" if said else "runtime_options"
            yield self._about("anvil-python2-client", lines, key, cause=cause)

    def _old_server(self, lines: list[str]) -> Iterator[Problem]:
        version = self._app.server_version or ""
        if version.startswith("python2") and self._app.server.endswith("python37"):
            yield self._about("anvil-python2-server", lines, "server_version", version=version)

    def _about(self, rule: str, lines: list[str], key: str, **values: str) -> Problem:
        """A finding at the line of a key, or at the file's first."""
        at = next((number for number, line in enumerate(lines, 1) if line.lstrip(" {").startswith(f"{key}:")), 1)
        line = lines[at - 1] if lines else ""
        start = line.find(key) + 1
        span = Span(at, max(start, 1), at, start + len(key) if start else 1)
        return self._problem(rule, "warning", span, line, None, values)

    # Modules that the client cannot have.

    def strangers(self) -> Iterator[Analysed]:
        """Unguarded imports of client code that neither the platform, nor the app, nor its dependencies provide."""
        for each in self._client:
            wrong = [fact for fact in each.analysis.facts if fact.kind == "import" and self._is_strange(fact)]
            if wrong:
                lines = self._lines(each)
                yield Analysed(each.path, each.size, Analysis(tuple(self._strange(fact, lines) for fact in wrong)))

    def _is_strange(self, fact: CodeFact) -> bool:
        head = fact.name.partition(".")[0]
        own = {self._app.package, *self._app.dependencies}
        standard = head in self._standard
        return not (fact.guarded or standard or head in own or head in self._modules) and bool(self._lacking(fact))

    def _lacking(self, fact: CodeFact) -> RuntimeSet:
        head = fact.name.partition(".")[0]
        return self._runtimes.where(lambda runtime: runtime.imports is not None and head not in runtime.imports) & (
            fact.reach
        )

    def _strange(self, fact: CodeFact, lines: list[str]) -> Problem:
        line = lines[fact.span.line - 1] if fact.span.line <= len(lines) else ""
        fails, head = self._lacking(fact), fact.name.partition(".")[0]
        values = {"symbol": head, "platform": self._runtimes.phrase(fails)}
        severity = "warning" if line[:1].isspace() else "error"
        return self._problem("platform-module", severity, fact.span, line, fails, values)

    # Client modules that run on the server, too.

    def shared(self) -> Mapping[str, RuntimeSet]:
        """The runtimes of the server for those client modules that its code imports, directly or not."""
        found: dict[str, RuntimeSet] = {}
        waiting = [(each, self._targets(each)) for each in self._server]
        while waiting:
            importer, on = waiting.pop()
            for fact in importer.analysis.facts:
                there = self._imported(fact, importer)
                reach = on & fact.reach
                if there is not None and not reach <= found.get(there.path, NO_RUNTIMES):
                    found[there.path] = found.get(there.path, NO_RUNTIMES) | reach
                    waiting.append((there, reach))
        return found

    def _targets(self, each: Analysed) -> RuntimeSet:
        on = NO_RUNTIMES
        for target in self._runtimes.parse_all(self._subject.project.settings_at(each.path).targets):
            on |= target.runtimes
        return on

    def _imported(self, fact: CodeFact, importer: Analysed) -> Analysed | None:
        """The client module that an import means: the longest name that is one."""
        name = fact.name
        if fact.kind == "relative":
            dots = len(name) - len(name.lstrip("."))
            package = self._package(importer)
            base = package[: len(package) - dots + 1] if dots <= len(package) + 1 else []
            parts = [*base, *name.lstrip(".").split(".")]
        elif fact.kind == "import" and name.partition(".")[0] == self._app.package:
            parts = name.split(".")[1:]
        else:
            return None
        dotted = [".".join(parts[:at]) for at in range(len(parts), 0, -1)]
        return next((self._modules[each] for each in dotted if each in self._modules), None)

    def _package(self, each: Analysed) -> list[str]:
        """The names of the packages below the app's that a module lies in."""
        parts = self._below(each)
        return parts[:-1]

    def _module(self, each: Analysed) -> str:
        parts = self._below(each)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def _below(self, each: Analysed) -> list[str]:
        """`["Form", "__init__"]` for client_code/Form/__init__.py."""
        relative = os.path.relpath(os.path.join(self._root, each.path), self._app.folder)
        return relative.rpartition(".")[0].split(os.sep)[1:] or [""]

    def _lines(self, each: Analysed) -> list[str]:
        data = read_if_there(os.path.join(self._root, each.path), 64 << 20)
        return (data or b"").decode("utf-8", "replace").splitlines()

    def _problem(
        self, rule: str, severity: str, span: Span, line: str, fails: RuntimeSet | None, values: Mapping[str, str]
    ) -> Problem:
        text = self._subject.rulebook.texts[rule]
        return Problem(
            rule=rule,
            kind="platform",
            severity="error" if severity == "error" else "warning",
            confidence="certain" if severity == "error" or fails is None else "likely",
            message=text.message.format(**values),
            span=span,
            excerpt=line,
            works=NO_RUNTIMES if fails is None else self._runtimes.everything - fails,
            reach=self._subject.targets if fails is None else fails,
            symbol=values.get("symbol"),
            instead=text.instead,
        )
