"""What a module's name means to the modules that import it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding, binding_at
from compatcheck.analyze.names.meanings import Meanings, joined
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.tree import Tree, enclosing
from compatcheck.analyze.words import occurrences
from compatcheck.model.linking import Export, Sense, Values
from compatcheck.model.runtimes import RuntimeSet

Reached = Callable[[Node], RuntimeSet]
# The value of an expression by runtime's bit, or what a function returns.
Judge = Callable[[Sequence[Node]], Values]

_SCOPES = ("class_definition", "function_definition", "lambda")


class Exporter:
    """Answers for one text. `reach` says where a node is reached, `judge` what all of some expressions give."""

    def __init__(
        self, tree: Tree, scopes: Scopes, meanings: Meanings, reach: Reached, judge: Judge,
        returned: Callable[[Node], list[Node]],
    ) -> None:  # fmt: skip
        self._tree = tree
        self._scopes = scopes
        self._meanings = meanings
        self._reach = reach
        self._judge = judge
        self._returned = returned

    def of(self, name: str) -> Export:
        """The name as it is when the module has run; without any sense when the module does not bind it.

        `Class.NAME` gives what the body of a class of the module sets.
        """
        if "." in name:
            return self._of_class(*name.split("."))
        bindings = self._scopes.at_end(name.encode())
        if not bindings:
            return Export(tuple(self._starred(name)))
        senses = [sense for binding in bindings for sense in self._senses(binding)]
        values = [b.value for b in bindings if b.kind in ("assign", "walrus") and b.value is not None]
        functions = [b.owner for b in bindings if b.kind == "function"]
        calls = [node for function in functions for node in self._returned(function)]
        return Export(
            tuple(senses),
            self._judge(values) if len(values) == len(bindings) else {},
            self._judge(calls) if functions and len(functions) == len(bindings) else {},
        )

    def _of_class(self, owner: str, name: str) -> Export:
        bindings = self._scopes.at_end(owner.encode())
        if len(bindings) != 1 or bindings[0].kind != "class":
            return Export()
        set_in = [
            node for node in occurrences(self._tree, name.encode()) if enclosing(node, *_SCOPES) == bindings[0].owner
        ]
        found = [binding_at(node) for node in set_in]
        values = [each.value for each in found if each is not None and each.kind == "assign" and each.value is not None]
        return Export(values=self._judge(values) if values and len(values) == len(found) else {})

    def _senses(self, binding: Binding) -> Iterator[Sense]:
        on = self._reach(binding.node)
        for meaning in self._meanings.bound(binding):
            elsewhere = meaning.symbol is not None and not meaning.instance
            yield Sense(meaning.symbol, meaning.on & on, meaning.instance, elsewhere)

    def _starred(self, name: str) -> Iterator[Sense]:
        """Where `from m import *` may bring the name from."""
        at = self._tree.code.find(b"*")
        while at >= 0:
            node = self._tree.node_at(at)
            around = node.parent
            if around is not None and around.type == "wildcard_import" and around.parent is not None:
                module = around.parent.child_by_field_name("module_name")
                if module is not None:
                    text = b"".join(self._tree.text(module).split()).decode("utf-8", "replace")
                    yield Sense(joined(text, name), self._reach(around.parent), elsewhere=True)
            at = self._tree.code.find(b"*", at + 1)
