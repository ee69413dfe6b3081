"""Changes to a tree: collected by fixes, refused where they overlap, carried out in one go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import libcst as cst

from compatcheck.fix.document import Document, fields_of

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
        self.above: set[cst.CSTNode] = set()

    def free(self, changes: Changes) -> bool:
        return all(self._free(node) for node in changes.replaced) and not any(
            above in self._replaced for node in changes.before for above in (node, *self._document.ancestors(node))
        )

    def _free(self, node: cst.CSTNode) -> bool:
        if node in self.above or node in self._replaced:
            return False
        return self._replaced.isdisjoint(self._document.ancestors(node))

    def add(self, changes: Changes) -> None:
        self._replaced.update(changes.replaced)
        for node in (*changes.replaced, *changes.before):
            self.above.update(self._document.ancestors(node))
        self.above.update(changes.before)


def bodies(document: Document, changes: Changes, touched: Touched) -> list[list[cst.BaseStatement]]:
    """For each statement of the module what stands in its place after the changes."""
    rebuild = _Rebuild(changes, touched.above)
    return [[_statement(node) for node in rebuild.of(statement)] for statement in document.module.body]


class _Rebuild:
    """Makes anew what lies above the changes, and nothing else."""

    def __init__(self, changes: Changes, above: Collection[cst.CSTNode]) -> None:
        self._changes = changes
        self._above = above

    def of(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        """The nodes that take the place of one."""
        new = self._replaced(node)
        first = self._changes.before.get(node)
        return list(with_before(first, new)) if first else new

    def _replaced(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        if node in self._changes.replaced:
            new = self._changes.replaced[node]
            if isinstance(new, cst.FlattenSentinel):
                return list(new)
            return [new] if isinstance(new, cst.CSTNode) else []
        return [self._renewed(node)] if node in self._above else [node]

    def _renewed(self, node: cst.CSTNode) -> cst.CSTNode:
        changed: dict[str, object] = {}
        for name in fields_of(type(node)):
            value = getattr(node, name)
            if isinstance(value, (list, tuple)):
                new = [each for old in value for each in self.of(old)]
                if len(new) != len(value) or any(one is not other for one, other in zip(new, value, strict=True)):
                    changed[name] = new
            elif isinstance(value, cst.CSTNode):
                (single,) = self.of(value)
                if single is not value:
                    changed[name] = single
        return _filled(node.with_changes(**changed))


def _filled(node: cst.CSTNode) -> cst.CSTNode:
    """A block that lost its last statement gets one."""
    if isinstance(node, (cst.IndentedBlock, cst.SimpleStatementSuite)) and not node.body:
        nothing = cst.Pass() if isinstance(node, cst.SimpleStatementSuite) else cst.SimpleStatementLine([cst.Pass()])
        return node.with_changes(body=[nothing])
    return node


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
