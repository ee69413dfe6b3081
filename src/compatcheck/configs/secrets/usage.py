"""What the code reads of its environment against what the project declares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from compatcheck.configs.secrets.contract import Contract
from compatcheck.configs.secrets.told import Teller
from compatcheck.model.problems import CodeFact, Problem, Span


def undeclared(
    facts: Iterable[CodeFact],
    contract: Contract,
    is_system: Callable[[str], bool],
    line: Callable[[int], str | None],
    tell: Teller,
) -> Iterator[Problem]:
    """Variables that one file reads and that nothing declares; `line` gives its source lines, secrets masked."""
    known = {name.upper() for name in contract.variables}
    for fact in facts:
        if fact.kind == "environment" and fact.name.upper() not in known and not is_system(fact.name):
            yield tell(
                "undeclared-variable",
                fact.span,
                line(fact.span.line),
                {"name": fact.name},
                severity="warning" if fact.guarded else None,
                symbol=fact.name,
            )


def unused(contract: Contract, read: Iterable[str], tell: Teller) -> Mapping[str, list[Problem]]:
    """Declared variables that nothing reads, by the file that declares them."""
    known = {name.upper() for name in read}
    found: dict[str, list[Problem]] = {}
    for variable in contract.variables.values():
        if variable.name.upper() not in known:
            place = Span(variable.line, 1, variable.line, len(variable.name) + 1) if variable.line else None
            words = {"name": variable.name}
            problem = tell("unused-variable", place, None, words, confidence="likely", symbol=variable.name)
            found.setdefault(variable.source, []).append(problem)
    return found
