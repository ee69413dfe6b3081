"""Broken files to compatcheck's checks: found at the right line, or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.configs.app import App, check_app
from compatcheck.configs.checking import check_file
from compatcheck.configs.found import Found
from compatcheck.configs.reading import read_document
from compatcheck.run.config import DIALECTS, shipped_schema
from tools.breakage.breaking import Broken, broken

_SCHEMAS = {name: shipped_schema(name) for name in DIALECTS}


@dataclass(frozen=True)
class Judgement:
    """Whether the mistake was found; `told` is all that was, as (rule, line)."""

    caught: bool
    told: tuple[tuple[str, int | None], ...]


def judged(text: str) -> Iterator[tuple[Broken, Judgement]]:
    """Each breakage of a valid file, and what compatcheck says of it."""
    before = {_same(each) for each in found_in(text.encode())}
    for each in broken(text, dialect_of(text)):
        told = tuple(
            (one.rule, one.span.line if one.span else None) for one in found_in(each.data) if _same(one) not in before
        )
        lines = [line for rule, line in told if rule == each.rule and line is not None]
        yield each, Judgement(bool(lines if each.lines is None else each.lines.intersection(lines)), told)


def dialect_of(text: str) -> str:
    return check_file(read_document("anvil.yaml", text.encode()), _SCHEMAS).dialect or DIALECTS[0]


def found_in(data: bytes) -> list[Found]:
    """What is found in one anvil.yaml or deployment file by itself."""
    checked = check_file(read_document("anvil.yaml", data), _SCHEMAS)
    found = list(checked.found)
    if checked.dialect == "anvil" and checked.document is not None:
        app = App(checked.document, {}, {})
        found += [one for _, one in check_app(app, shipped_schema("form-template"))]
    return found


def _same(found: Found) -> tuple[object, ...]:
    return (found.rule, found.symbol, *sorted(found.words.items()))
