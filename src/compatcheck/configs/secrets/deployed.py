"""The secrets that a deployment file names, and the variables that they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from compatcheck.configs.document import Document
from compatcheck.configs.environments import merged
from compatcheck.configs.secrets.contract import Contract, Variable
from compatcheck.configs.secrets.told import Teller
from compatcheck.model.problems import Problem, Span

_VARIABLE = "env:"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One secret; `variable` is the environment variable that it comes from in some environment."""

    name: str
    variable: str | None
    required: bool
    span: Span


def deployed_secrets(document: Document) -> list[Deployed]:
    """The secrets of all environments, each variable once."""
    found: dict[tuple[str, str | None], Deployed] = {}
    for each in (document, *merged(document, ("secrets",)).values()):
        section = each.value.get("secrets") if isinstance(each.value, dict) else None
        for name, said in section.items() if isinstance(section, dict) else ():
            told: Mapping[str, Any] = said if isinstance(said, dict) else {}
            source = str(told.get("source", ""))
            variable = source.removeprefix(_VARIABLE) if source.startswith(_VARIABLE) else None
            span = each.span(("secrets", name, "source"), key=variable is None)
            found.setdefault((name, variable), Deployed(name, variable, bool(told.get("required", True)), span))
    return list(found.values())


def from_deployment(secrets: list[Deployed], source: str) -> Iterator[Variable]:
    """The variables among them, as declarations."""
    for one in secrets:
        if one.variable is not None:
            yield Variable(one.variable, source, one.span.line, required=False, secret=True)


def not_in_example(
    secrets: list[Deployed], document: Document, example: Contract, names: tuple[str, str], tell: Teller
) -> Iterator[Problem]:
    """Variables of the deployment file that the example of an `.env` file lacks; `names` are both files'."""
    for one in secrets:
        if one.variable is not None and one.variable not in example.variables:
            words = {"name": one.variable, "file": names[0], "other": names[1]}
            line = document.text.line(one.span.line)
            yield tell("example-mismatch", one.span, line, words, symbol=one.variable)
