"""Changes to a tree: collected by fixes, refused where they overlap, carried out in one go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import libcst as cst

from compatcheck.fix.document import Document

Replacement = cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | cst.RemovalSentinel


@dataclass(frozen=True, slots=True)
class Import:
    """`from module import name as alias`, or `import module as alias` when `name` is empty; `use` is the index of the
    statement of the module that needs it.
    """

    module: str
    name: str
    alias: str
    use: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A name that one of two statements gives, by a test of the version; `use` as for imports."""

    test: str
    name: str
    then: str
    otherwise: str
    use: int


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution that the project now needs, on versions below or from `marker` on."""

    name: str
    marker: str | None


@dataclass(slots=True)
class Changes:
    """What fixes want of one text."""

    replaced: dict[cst.CSTNode, Replacement] = field(default_factory=dict)
    before: dict[cst.CSTNode, list[cst.BaseStatement]] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    definitions: dict[str, tuple[str, int]] = field(default_factory=dict)  # code by name, with the statement's index
    future: bool = False
    needs: set[Distribution] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.replaced or self.before or self.future)

    def merge(self, other: Changes) -> None:
        self.replaced |= other.replaced
        for node, statements in other.before.items():
            self.before.setdefault(node, []).extend(statements)
        self.imports += other.imports
        self.choices += other.choices
        for name, (code, use) in other.definitions.items():
            self.definitions[name] = code, min(use, self.definitions.get(name, (code, use))[1])
        self.future |= other.future
        self.needs |= other.needs


class Touched:
    """Which nodes accepted changes hold or lie in: what overlaps with them has to wait."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._replaced: set[cst.CSTNode] = set()
        self._above: set[cst.CSTNode] = set()

    def free(self, changes: Changes) -> bool:
        return all(self._free(node) for node in changes.replaced) and not any(
            above in self._replaced for node in changes.before for above in (node, *self._document.ancestors(node))
        )

    def _free(self, node: cst.CSTNode) -> bool:
        if node in self._above or node in self._replaced:
            return False
        return self._replaced.isdisjoint(self._document.ancestors(node))

    def add(self, changes: Changes) -> None:
        self._replaced.update(changes.replaced)
        for node in (*changes.replaced, *changes.before):
            self._above.update(self._document.ancestors(node))
        self._above.update(changes.before)


def bodies(document: Document, changes: Changes) -> list[list[cst.BaseStatement]]:
    """For each statement of the module what stands in its place after the changes."""
    replacer = _Replacer(changes.replaced, changes.before)
    touched = {document.top(node) for node in (*changes.replaced, *changes.before)}
    return [
        replacer.statements(statement) if index in touched else [_statement(statement)]
        for index, statement in enumerate(document.module.body)
    ]


class _Replacer(cst.CSTTransformer):
    def __init__(
        self, replaced: Mapping[cst.CSTNode, Replacement], before: Mapping[cst.CSTNode, Sequence[cst.BaseStatement]]
    ) -> None:
        super().__init__()
        self._replaced = replaced
        self._before = before

    def statements(self, statement: cst.CSTNode) -> list[cst.BaseStatement]:
        """The statements that take the place of one of the module's."""
        result = statement.visit(self)
        nodes: Iterable[cst.CSTNode]
        if isinstance(result, cst.FlattenSentinel):
            nodes = result
        else:
            nodes = [] if isinstance(result, cst.RemovalSentinel) else [result]
        return [_statement(node) for node in nodes]

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self._replaced

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> Replacement:
        new: Replacement = self._replaced.get(original_node, updated_node)
        first = self._before.get(original_node)
        if not first:
            return new
        rest = [new] if isinstance(new, cst.CSTNode) else list(new) if isinstance(new, cst.FlattenSentinel) else []
        return with_before(first, rest)


def with_before(first: Sequence[cst.BaseStatement], rest: Sequence[cst.CSTNode]) -> cst.FlattenSentinel[cst.CSTNode]:
    """Statements in front of others; the comments and blank lines above go first."""
    statements = [*first, *rest]
    leading = getattr(rest[0], "leading_lines", None) if rest else None
    if leading and len(first) and hasattr(first[0], "leading_lines"):
        statements[0] = first[0].with_changes(leading_lines=leading)
        statements[len(first)] = rest[0].with_changes(leading_lines=())
    return cst.FlattenSentinel(statements)


def _statement(node: cst.CSTNode) -> cst.BaseStatement:
    assert isinstance(node, cst.BaseStatement), type(node)
    return node
