"""What every reader of version statements gets, and how it says what it found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions, micro_slips, poetry_specifiers
from compatcheck.depends.yaml_tree import Yaml
from compatcheck.model.declared import Declaration, Place, Role, Stated, Trouble
from compatcheck.model.runtimes import NO_RUNTIMES

_CLASSIFIER = re.compile(r"Programming Language :: Python :: (\d+\.\d+)\Z")


@dataclass(frozen=True)
class Reading:
    """One file being read for statements of Python versions."""

    text: Text
    versions: Versions

    def version(
        self, source: str, role: Role, value: str, place: Place, item: tuple[int, int] | None = None
    ) -> Iterator[Stated]:
        """One version; what names none that is known (`pypy3`, `3.x`) says nothing."""
        if states := self.versions.one(value):
            yield Declaration(source, role, value, place, states, item)

    def classifier(self, value: str, place: Place, item: tuple[int, int] | None) -> Iterator[Stated]:
        """`Programming Language :: Python :: 3.9`, which ends where the place ends."""
        if match := _CLASSIFIER.match(value.strip()):
            end = place.end
            if self.text.text[end - len(match[1]) : end] == match[1]:
                place = self.text.place(end - len(match[1]), end)
            yield from self.version("classifier", "lists", match[1], place, item)

    def specifier(self, source: str, role: Role, value: str, place: Place, *, poetry: bool = False) -> Iterator[Stated]:
        """A version specifier, and what is wrong with it."""
        specifiers = poetry_specifiers(value) if poetry else self.versions.specifier(value)
        if specifiers is None:
            if not poetry:  # poetry knows unions and more
                yield Trouble("invalid-python-version", place, (("value", value), ("source", source)))
            return
        states = self.versions.of(specifiers)
        if states == NO_RUNTIMES:
            yield Trouble("invalid-python-version", place, (("value", value), ("source", source)))
            return
        for slip, meant in () if poetry else micro_slips(specifiers):
            names = (("value", str(slip)), ("source", source), ("meant", meant))
            yield Trouble("micro-version-bound", place, names, fix=value.replace(str(slip), meant))
        yield Declaration(source, role, value, place, states)

    def scalar(
        self, source: str, role: Role, node: Yaml, item: tuple[int, int] | None = None, *, spec: bool = False
    ) -> Iterator[Stated]:
        """One version in a YAML file, where a number may have lost its last zero."""
        value = node.value
        if value is None:
            return
        if node.loses_zero:
            names = (("value", value), ("number", f"{float(value):g}"), ("source", source))
            yield Trouble("python-version-number", node.place, names, fix=f'"{value}"')
        if spec and value[:1] in ("<", ">", "=", "~", "!"):
            yield from self.specifier(source, role, value, node.place)
        else:
            yield from self.version(source, role, value, node.place, item)
