"""What a module's own statements import, and under which names: only what is certain to hold where it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from compatcheck.fix.document import Document


@dataclass(frozen=True, slots=True)
class Bound:
    """An import at the top level of a module: what it names, the local name, the statement's index."""

    module: str
    name: str
    local: str
    index: int


class Imported:
    """The imports of a document that no other binding can spoil."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def name(self, module: str, name: str, use: int) -> str | None:
        """The local name of `from module import name` before a statement."""
        return next((one.local for one in self._fit(module, use) if one.name == name), None)

    def module(self, module: str, use: int) -> str | None:
        """The expression of `import module` before a statement."""
        return next((one.local for one in self._fit(module, use) if not one.name), None)

    def _fit(self, module: str, use: int) -> Iterator[Bound]:
        for one in imports_of(self._document):
            if one.module == module and one.index <= use and self._sole(one.local.partition(".")[0]):
                yield one

    def _sole(self, local: str) -> bool:
        bound = self._document.bound[local]
        return bound == 1 or bound == sum(
            each.local.partition(".")[0] == local and not each.name for each in imports_of(self._document)
        )


def imports_of(document: Document) -> list[Bound]:
    """The imports among the module's own statements."""
    if document.imports is None:
        document.imports = [
            bound for index, statement in enumerate(document.module.body) for bound in _bound(statement, index)
        ]
    return document.imports


def _bound(statement: cst.CSTNode, index: int) -> Iterator[Bound]:
    if not isinstance(statement, cst.SimpleStatementLine):
        return
    for small in statement.body:
        if isinstance(small, cst.Import):
            for alias in small.names:
                name = alias.evaluated_name
                yield Bound(name, "", alias.evaluated_alias or name, index)
        elif isinstance(small, cst.ImportFrom) and not small.relative and not isinstance(small.names, cst.ImportStar):
            for alias in small.names:
                yield Bound(
                    module_name(small), alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name, index
                )


def module_name(statement: cst.ImportFrom) -> str:
    """`a.b` of `from a.b import c`; empty for `from . import c`."""
    return cst.Module(()).code_for_node(statement.module) if statement.module is not None else ""
