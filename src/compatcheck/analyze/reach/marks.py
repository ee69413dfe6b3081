"""Decorators and marks that keep a function from running: skips of unittest and pytest, and declared ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tree_sitter import Node

from compatcheck.analyze.reach.climb import Truth
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet

_SKIPS_IF = frozenset({"unittest.skipIf", "pytest.mark.skipif", "unittest.case.skipIf"})
_SKIPS_UNLESS = frozenset({"unittest.skipUnless", "unittest.case.skipUnless"})
_SKIPS = frozenset({"unittest.skip", "pytest.mark.skip", "unittest.case.skip"})
_WORDS = frozenset({b"skipIf", b"skipUnless", b"skip", b"skipif"})
_DEEPEST = 4


class Marks:
    """Judges decorators of one tree. `condition` judges a test, `quoted` one that stands in a string, `values` gives
    what a name was assigned; `declared` maps decorators to the runtimes that they let through.
    """

    def __init__(
        self,
        tree: Tree,
        words: frozenset[bytes],
        everything: RuntimeSet,
        symbols: Callable[[Node], set[str]],
        condition: Callable[[Node], Truth],
        quoted: Callable[[Node], Truth],
        values: Callable[[Node], Sequence[Node]],
        declared: Mapping[str, RuntimeSet],
    ) -> None:
        self._tree = tree
        self._all = everything
        self._symbols = symbols
        self._condition = condition
        self._quoted = quoted
        self._values = values
        self._declared = declared
        names = {name.rpartition(".")[2].encode() for name in declared}
        self._any = not words.isdisjoint(_WORDS | names)
        self._module = self._all if b"pytestmark" not in words else None
        self._has_marks = b"pytestmark" in words
        self._classes: dict[int, RuntimeSet] = {}

    def lets(self, function: Node) -> RuntimeSet:
        """Where the body of a function runs, as far as its decorators, its class's and the module's marks say."""
        if not self._any:
            return self._all
        left = self._decorated(function)
        for parent in ancestors(function):
            if parent.type == "class_definition":
                left &= self._of_class(parent)
        return left & self._of_module()

    def _of_class(self, definition: Node) -> RuntimeSet:
        if definition.id not in self._classes:
            left = self._decorated(definition)
            body = definition.child_by_field_name("body")
            if self._has_marks and body is not None:
                left &= self._marked(body)
            self._classes[definition.id] = left
        return self._classes[definition.id]

    def _of_module(self) -> RuntimeSet:
        if self._module is None:
            self._module = self._all
            self._module = self._marked(self._tree.root)
        return self._module

    def _decorated(self, definition: Node) -> RuntimeSet:
        left = self._all
        outer = definition.parent
        if outer is not None and outer.type == "decorated_definition":
            for decorator in outer.named_children:
                if decorator.type == "decorator" and decorator.named_child_count:
                    left &= self._through(decorator.named_children[0])
        return left

    def _marked(self, block: Node) -> RuntimeSet:
        """What `pytestmark = …` of a module or a class body lets through."""
        left = self._all
        for statement in block.named_children:
            assignment = statement.named_children[0] if statement.type == "expression_statement" else None
            target = assignment.child_by_field_name("left") if assignment is not None else None
            if assignment is None or target is None or self._tree.text(target) != b"pytestmark":
                continue
            value = assignment.child_by_field_name("right")
            for mark in _each(value) if value is not None else ():
                left &= self._through(mark)
        return left

    def _through(self, decorator: Node, depth: int = 0) -> RuntimeSet:
        """The runtimes that one decorator lets through."""
        called = decorator.child_by_field_name("function") if decorator.type == "call" else decorator
        if called is None:
            return self._all
        symbols = self._symbols(called) | {self._tree.text(called).decode("utf-8", "replace")}
        for symbol in symbols:
            if (given := self._declared.get(symbol)) is not None:
                return given
        if symbols & _SKIPS:
            return NO_RUNTIMES
        if symbols & (_SKIPS_IF | _SKIPS_UNLESS):
            truth = self._of_call(decorator)
            return truth.no if symbols & _SKIPS_IF else truth.yes
        left = self._all
        if decorator.type == "identifier" and depth < _DEEPEST:
            values = self._values(decorator)
            if len(values) == 1:
                left = self._through(values[0], depth + 1)
        return left

    def _of_call(self, call: Node) -> Truth:
        arguments = call.child_by_field_name("arguments") if call.type == "call" else None
        for argument in arguments.named_children if arguments is not None else ():
            if argument.type == "keyword_argument":
                name, value = argument.child_by_field_name("name"), argument.child_by_field_name("value")
                if name is None or value is None or self._tree.text(name) != b"condition":
                    continue
                return self._condition(value)
            if argument.type != "comment":
                return self._quoted(argument) if argument.type == "string" else self._condition(argument)
        return Truth(self._all, self._all)


def _each(value: Node) -> Iterator[Node]:
    if value.type in ("list", "tuple"):
        yield from (child for child in value.named_children if child.type != "comment")
    else:
        yield value
