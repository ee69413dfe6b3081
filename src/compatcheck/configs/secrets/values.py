"""One `.env` file: how it is written, and its values against what the project declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from compatcheck.configs.secrets.contract import Contract, Variable
from compatcheck.configs.secrets.dotenv import Entry, EnvFile, is_name, quoting_mistakes
from compatcheck.configs.secrets.expected import expectations
from compatcheck.configs.secrets.judging import Judge, entropy
from compatcheck.configs.secrets.told import Teller
from compatcheck.model.problems import Problem
from compatcheck.model.secrets import Lore

_PASSWORD = re.compile(r"(?i).*(pass|pwd).*")
# Below this many bits a character, a value of a key repeats itself.
_REGULAR = 2.0


class EnvChecks:
    """Checks `.env` files; made once a run."""

    def __init__(self, lore: Lore, tell: Teller) -> None:
        self._lore = lore
        self._tell = tell
        self._judge = Judge(lore)
        self._secret_names = re.compile(lore.secret_names, re.IGNORECASE)
        self._other_names = re.compile(lore.not_secret_names, re.IGNORECASE)
        self._system = re.compile("|".join(lore.system))

    def written(self, env: EnvFile, known: Iterable[str]) -> Iterator[Problem]:
        """What is wrong with the file itself; `known` are names that are set elsewhere."""
        first: dict[str, Entry] = {}
        there = {*known, *env.values}
        for entry in env.unreadable:
            yield self._at("unreadable-env-line", entry)
        for entry in env.entries:
            if entry.value is None:
                yield self._at("unreadable-env-line", entry)
                continue
            if not is_name(entry.name):
                yield self._at("invalid-variable-name", entry, name=f"`{entry.label}`" if entry.label else "this")
            if entry.name in first:
                yield self._at("duplicate-variable", entry, name=entry.name, line=first[entry.name].line)
            first.setdefault(entry.name, entry)
            for what in quoting_mistakes(entry):
                yield self._at("quoting-mistake", entry, what=what)
            for other in entry.references:
                if other not in there and not self.is_system(other):
                    yield self._at("undefined-reference", entry, name=entry.name, other=other)

    def against(self, env: EnvFile, contract: Contract, also: Mapping[str, Entry], *, whole: bool) -> Iterator[Problem]:
        """Its values against the contract. `also` are set by a file below this one; `whole` says that nothing else is
        to add what is missing.
        """
        values = env.values
        for variable in contract.required if whole else ():
            if variable.name not in values and variable.name not in also:
                words = {"name": variable.name, "source": variable.source}
                yield self._tell("missing-variable", None, None, words, symbol=variable.name)
        for entry in values.values():
            if entry.value is None or not is_name(entry.name):
                continue
            declared = contract.variables.get(entry.name)
            if declared is None and contract and not self.is_system(entry.name):
                yield self._at("unknown-variable", entry, name=entry.name, hint=_near(entry.name, contract))
            yield from self._value(entry, declared or Variable(entry.name, ""))

    def _value(self, entry: Entry, declared: Variable) -> Iterator[Problem]:
        value = (entry.value or "").strip()
        if not value:
            if declared.required and declared.source:
                yield self._at("empty-variable", entry, name=entry.name, source=declared.source)
        elif self._judge.is_placeholder(value) and value not in declared.schema.get("enum", ()):
            yield self._at("placeholder-value", entry, name=entry.name)
        elif wrong := list(expectations(entry.value or "", declared.schema) if declared.schema else ()):
            yield self._at("wrong-variable-value", entry, name=entry.name, expected=", ".join(wrong))
        elif self.is_secret(entry.name, declared) and (weak := self._weak(entry.name, value)):
            yield self._at("weak-secret", entry, name=entry.name, what=weak)

    def environment(self, env: EnvFile, name: str) -> Iterator[Problem]:
        """Values of another environment than the one that the file is for, by its name or a variable's value."""
        here = self._environment(env, name)
        for entry in env.values.values() if here else ():
            value = (entry.value or "").strip()
            if entry.name in self._lore.environment_variables or not value or self._judge.is_placeholder(value):
                continue
            for other, signs in self._lore.signs.items():
                near = {here, other} == {"development", "test"}
                if other != here and not near and re.fullmatch(signs, value, re.IGNORECASE | re.DOTALL):
                    yield self._at("other-environment", entry, name=entry.name, other=other, environment=here)
                    break
            else:
                yield from self._unfit(entry, value, here)

    def _unfit(self, entry: Entry, value: str, here: str | None) -> Iterator[Problem]:
        for name, values in self._lore.unfit_for_production.items() if here == "production" else ():
            if re.fullmatch(name, entry.name, re.IGNORECASE) and re.fullmatch(values, value, re.IGNORECASE):
                yield self._at("other-environment", entry, name=entry.name, other="development", environment=here)

    def _environment(self, env: EnvFile, name: str) -> str | None:
        said = [entry.value or "" for entry in env.values.values() if entry.name in self._lore.environment_variables]
        for word in [*name.lower().split(".")[2:], *said]:
            for environment, names in self._lore.environments.items():
                if re.fullmatch(names, word.strip(), re.IGNORECASE):
                    return environment
        return None

    def is_system(self, name: str) -> bool:
        """Whether a system or an interpreter sets the variable."""
        return self._system.fullmatch(name.upper()) is not None

    def is_secret(self, name: str, declared: Variable | None = None) -> bool:
        """Whether the variable's value is a secret, by its declaration or its name."""
        if declared is not None and declared.secret is not None:
            return declared.secret
        return self._secret_names.fullmatch(name) is not None and not self._other_names.fullmatch(name)

    def _weak(self, name: str, value: str) -> str | None:
        if self._judge.is_reference(value):
            return None
        if self._judge.says_nothing(value):
            return "a word that everybody tries first"
        shortest = self._lore.shortest["password" if _PASSWORD.fullmatch(name) else "key"]
        if len(value) < shortest:
            return f"shorter than {shortest} characters"
        return "too regular" if entropy(value.encode()) < _REGULAR else None

    def _at(self, rule: str, entry: Entry, **words: object) -> Problem:
        if words.get("name") == entry.name and entry.label is None:
            words["name"] = "…"
        return self._tell(rule, entry.span, entry.shown, words, symbol=entry.label)


def _near(name: str, contract: Contract) -> str:
    near = get_close_matches(name, contract.variables, 1, 0.75)
    return f": did you mean `{near[0]}`?" if near else ""
