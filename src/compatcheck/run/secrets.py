"""The check `secrets`: secrets in files, `.env` files, and what the code reads of its environment."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from compatcheck.analyze.decode import Undecodable, decode
from compatcheck.configs.comments import comments_in
from compatcheck.configs.secrets.contract import Contract, from_example, united
from compatcheck.configs.secrets.deployed import deployed_secrets, not_in_example
from compatcheck.configs.secrets.detector import Detector
from compatcheck.configs.secrets.dotenv import EnvFile
from compatcheck.configs.secrets.hardcoded import in_notebook, in_text, is_example_path
from compatcheck.configs.secrets.lines import Lines
from compatcheck.configs.secrets.masking import Mask
from compatcheck.configs.secrets.references import references_in
from compatcheck.configs.secrets.told import Teller
from compatcheck.configs.secrets.usage import undeclared, unused
from compatcheck.configs.secrets.values import EnvChecks
from compatcheck.model.problems import Analysed, Analysis, CodeFact, Comment, Outcome, Problem
from compatcheck.model.source import Source, Unreadable
from compatcheck.project import File, Project, read
from compatcheck.rulebook.secrets import load_secrets
from compatcheck.run.env_files import EnvFolder, env_folders, is_env_name, is_example
from compatcheck.run.stored import Stored
from compatcheck.run.stores.store import Store
from compatcheck.run.subject import ProjectCheck, Subject

facts = True
# What people write settings and secrets into, besides code.
_TEXTS = (
    "*.py", "*.pyw", "*.pyi", "*.ipynb", "*.yaml", "*.yml", "*.json", "*.toml", "*.ini", "*.cfg", "*.conf",
    "*.properties", ".env.*", "*.example", "*.sample", "*.template",
)  # fmt: skip
_KIND = "secret"
_EXAMPLE, _DEPLOYMENT = ".env.example", "anvil.yaml.example"
_CODE = (".py", ".pyw", ".pyi", ".ipynb")
NO_STORES: Mapping[str, Store] = {}


def asks(project: Project) -> bool:
    """Any project may hold a secret."""
    return True


def check(subject: Subject, stores: Mapping[str, Store] = NO_STORES) -> Outcome:
    """Everything that the check finds; `stores` by their scheme are asked for what the project refers to."""
    secrets = load_secrets()
    tell = Teller(subject.rulebook.texts, subject.targets, subject.key)
    work = _Work(subject, Detector(secrets), EnvChecks(secrets.lore, tell), tell, Stored(stores, tell))
    work.texts()
    work.environment()
    return work.outcome()


def named_check(stores: Mapping[str, Store]) -> ProjectCheck:
    """The check with stores to ask."""
    return ProjectCheck("secrets", True, lambda subject: check(subject, stores))


@dataclass
class _Work:
    subject: Subject
    detector: Detector
    checks: EnvChecks
    tell: Teller
    stored: Stored
    problems: dict[str, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)
    comments: dict[str, tuple[Comment, ...]] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)

    @property
    def rules(self) -> frozenset[str]:
        """What comments call the check's findings."""
        texts = self.subject.rulebook.texts
        return frozenset({_KIND, *(name for name, text in texts.items() if text.kind == _KIND)})

    @property
    def project(self) -> Project:
        return self.subject.project

    def texts(self) -> None:
        """Secrets in the files of the project."""
        for file in self.project.find(*_TEXTS):
            name = os.path.basename(file.path)
            if is_env_name(name) and not is_example(name):
                continue  # where secrets belong
            source = read(file) if isinstance(file, File) else file
            if isinstance(source, Unreadable):
                self.unreadable.append(source)
                continue
            self.sizes[file.path] = len(source.data)
            self.problems[file.path] += self._in(source)
            if not name.endswith(_CODE):
                self._references(file.path, source.data)
                if not name.endswith(".json"):
                    self.comments[file.path] = tuple(comments_in(source.data.decode("utf-8", "replace")))

    def _references(self, path: str, data: bytes) -> None:
        problems, unreadable = self.stored.check(path, references_in(data))
        self.problems[path] += problems
        self.unreadable += unreadable

    def _in(self, source: Source) -> list[Problem]:
        if source.kind == "notebook":
            return in_notebook(source.data, source.path, self.detector, self.tell)
        return in_text(_code(source), source.path, self.detector, self.tell)

    def environment(self) -> None:
        """`.env` files, and the code's reads against what is declared."""
        folders = env_folders(self.project, self._folders())
        for folder in folders:
            for name, env in folder.files.items():
                path = folder.path(name)
                if self.project.covers(path):
                    self.sizes[path] = len(folder.data[name])
                    self.problems[path] += self._env_file(folder, name, env)
                    if not is_example(name):
                        self._references(path, folder.data[name])
            self._examples(folder)
            self.unreadable += folder.unreadable
        contract = united(*(folder.contract.variables.values() for folder in folders))
        if contract:
            self._usage(contract)

    def _folders(self) -> list[str]:
        """Folders that may hold `.env` files: those that the run was given, and those of files that were looked at."""
        given = [path if os.path.isdir(path) else os.path.dirname(path) for path in self.project.paths]
        seen = {os.path.dirname(path) for path in self.sizes}
        places = [*given, *(os.path.join(self.project.root, path) for path in seen)]
        return [os.path.realpath(place) for place in places]

    def _env_file(self, folder: EnvFolder, name: str, env: EnvFile) -> Iterator[Problem]:
        base = folder.files.get(".env")
        below = base.values if base is not None and name != ".env" else {}
        yield from self.checks.written(env, below)
        if not is_example(name):
            yield from self.checks.against(env, folder.contract, below, whole=not name.endswith(".local"))
            yield from self.checks.environment(env, name)

    def _examples(self, folder: EnvFolder) -> None:
        """The project's example of a deployment file against that of its variables."""
        example, deployment = folder.files.get(_EXAMPLE), folder.document(_DEPLOYMENT)
        path = folder.path(_DEPLOYMENT)
        if example is not None and deployment is not None and self.project.covers(path):
            declared = united(from_example(example, _EXAMPLE))
            secrets, names = deployed_secrets(deployment), (_DEPLOYMENT, _EXAMPLE)
            self.problems[path] += not_in_example(secrets, deployment, declared, names, self.tell)

    def _usage(self, contract: Contract) -> None:
        read = {fact.name for each in self.subject.code for fact in each.analysis.facts if fact.kind == "environment"}
        for each in self.subject.code:
            asked = [fact for fact in each.analysis.facts if fact.kind == "environment"]
            if asked and not is_example_path(each.path):
                self.sizes[each.path] = each.size
                self.problems[each.path] += self._undeclared(each.path, asked, contract)
        if self.project.covers("."):  # else what was not looked at may read them
            for path, problems in unused(contract, read, self.tell).items():
                self.problems[path] += problems

    def _undeclared(self, path: str, asked: list[CodeFact], contract: Contract) -> list[Problem]:
        source = read(File(path, os.path.join(self.project.root, path), "module", self.project.settings))
        text = _code(source) if isinstance(source, Source) else b""
        lines, mask = Lines(text), Mask(self.detector, text)
        line = lambda number: mask.line(number, lines.text(number)) if text else None  # noqa: E731
        return list(undeclared(asked, contract, self.checks.is_system, line, self.tell))

    def outcome(self) -> Outcome:
        """What was found, a file at a time."""
        code = {each.path: each.analysis.comments for each in self.subject.code}
        analysed = []
        for path, problems in self.problems.items():
            told = code.get(path) or self.comments.get(path, ())
            comments = tuple(each for each in told if _concerns(each, problems, self.rules))
            analysed.append(Analysed(path, self.sizes.get(path, 0), Analysis(tuple(problems), comments)))
        return Outcome(tuple(analysed), tuple(self.unreadable))


def _concerns(comment: Comment, problems: list[Problem], rules: frozenset[str]) -> bool:
    """Whether a comment speaks of what is found here: others are for the check of the code."""
    if comment.names:
        return not rules.isdisjoint(comment.names)
    first, last = comment.lines
    return any(each.span is not None and first <= each.span.line <= last for each in problems)


def _code(source: Source) -> bytes:
    """The text of a file with `\\n` line ends, whatever its encoding."""
    text = decode(source.data)
    return text.text.code if isinstance(text, Undecodable) else text.code
