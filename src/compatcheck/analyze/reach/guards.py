"""Failures that somebody catches: `try`/`except` and `contextlib.suppress`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tree_sitter import Node

from compatcheck.analyze.reach.climb import Reach
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet

Symbols = Callable[[Node], set[str]]
Values = Callable[[Node], Sequence[Node]]

# What catches what: every exception with its bases, as CPython has them.
_CATCHES = {
    "ModuleNotFoundError": {"ModuleNotFoundError", "ImportError", "Exception", "BaseException"},
    "ImportError": {"ImportError", "Exception", "BaseException"},
    "AttributeError": {"AttributeError", "Exception", "BaseException"},
    "NameError": {"NameError", "Exception", "BaseException"},
    "TypeError": {"TypeError", "Exception", "BaseException"},
    "ValueError": {"ValueError", "Exception", "BaseException"},
    "LookupError": {"LookupError", "Exception", "BaseException"},
    "re.error": {"re.error", "re.PatternError", "Exception", "BaseException"},
    "struct.error": {"struct.error", "Exception", "BaseException"},
    "SyntaxError": {"SyntaxError", "Exception", "BaseException"},
}
_SEVERAL = frozenset({"tuple", "parenthesized_expression", "expression_list", "list", "list_splat", "binary_operator"})
_HANDLERS = ("except_clause", "except_group_clause")
_DEEPEST = 6


class Guards:
    """Looks for the handlers around a place. `symbols` resolves the names of exceptions, `values` gives what a name of
    this file was assigned.
    """

    def __init__(self, tree: Tree, symbols: Symbols, values: Values, reach: Reach, everything: RuntimeSet) -> None:
        self._tree = tree
        self._symbols = symbols
        self._values = values
        self._reach = reach
        self._all = everything
        self._caught: dict[int, RuntimeSet] = {}

    def caught(self, node: Node, failure: str) -> RuntimeSet:
        """The runtimes on which a handler in the same function catches the failure, and does not raise it again."""
        found = NO_RUNTIMES
        for statement in self.around(node):
            if statement.type == "with_statement":
                found |= self._all if self._suppresses(statement, failure) else NO_RUNTIMES
            elif (clause := self.catching(statement, failure)) is not None:
                found |= self._dealt_with(clause)
            if found == self._all:
                break
        return found

    def around(self, node: Node) -> Iterator[Node]:
        """The `try` and `with` statements of the same function in whose body the node stands, innermost first."""
        child = node
        for parent in ancestors(node):
            if parent.type in ("function_definition", "lambda") and child == parent.child_by_field_name("body"):
                return
            if parent.type in ("try_statement", "with_statement") and child == parent.child_by_field_name("body"):
                yield parent
            child = parent

    def catching(self, statement: Node, failure: str) -> Node | None:
        """The first clause of a try statement that catches the failure."""
        return next((c for c in statement.children if c.type in _HANDLERS and self.catches(c, failure)), None)

    def catches(self, clause: Node, failure: str) -> bool:
        """Whether an except clause catches the failure; a bare one catches all."""
        value = caught_by(clause)
        return value is None or self._names(value, failure)

    def _names(self, value: Node, failure: str) -> bool:
        wanted = _CATCHES.get(failure, {failure})
        return any(
            symbol.removeprefix("builtins.") in wanted
            for expression in self._alternatives(value)
            for symbol in self._symbols(expression)
        )

    def _alternatives(self, value: Node, depth: int = 0) -> Iterator[Node]:
        """The single exceptions of tuples, sums of tuples, and names for them."""
        if value.type in _SEVERAL:
            for child in value.named_children:
                yield from self._alternatives(child, depth)
            return
        yield value
        if value.type == "identifier" and depth < _DEEPEST:
            for assigned in self._values(value):
                if assigned.type != "identifier":  # a name for a name: `symbols` knows
                    yield from self._alternatives(assigned, depth + 1)

    def _suppresses(self, statement: Node, failure: str) -> bool:
        for call in _context_managers(statement):
            function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
            if function is None or arguments is None or "contextlib.suppress" not in self._symbols(function):
                continue
            if any(self._names(argument, failure) for argument in arguments.named_children):
                return True
        return False

    def _dealt_with(self, clause: Node) -> RuntimeSet:
        """The runtimes on which a handler can end otherwise than by raising the same failure again."""
        if clause.id not in self._caught:
            block = next((child for child in clause.children if child.type == "block"), None)
            ends = self._all if block is None else self._reach.after(block)
            if block is not None and ends != self._all:
                for leaving in _leaving(block):
                    if not self._raises_again(leaving, clause):
                        ends |= self._reach.at(leaving) - self._reach.after(leaving)
            self._caught[clause.id] = ends
        return self._caught[clause.id]

    def _raises_again(self, statement: Node, clause: Node) -> bool:
        """Whether a `raise` lets the failure go on; at module level an ImportError of its own does so, too."""
        if statement.type != "raise_statement":
            return False
        if not statement.named_child_count:
            return True
        raised = statement.named_children[0]
        text = self._tree.text(raised)
        value = caught_by(clause, bound=True)
        if value is not None and value.type == "as_pattern" and text == self._tree.text(value.named_children[-1]):
            return True
        return text.startswith((b"ImportError", b"ModuleNotFoundError")) and not any(
            parent.type in ("function_definition", "lambda") for parent in ancestors(clause)
        )


def caught_by(clause: Node, *, bound: bool = False) -> Node | None:
    """The expression of an except clause (with `as name` if `bound`); None for a bare one."""
    value = clause.child_by_field_name("value")
    if value is None:
        value = next((child for child in clause.named_children if child.type not in ("block", "comment")), None)
    if value is not None and value.type == "as_pattern" and not bound:
        value = value.named_children[0]
    return value


def _leaving(block: Node) -> Iterator[Node]:
    """Statements of a handler that end it: raise, return, continue, break, and calls (they may exit)."""
    waiting = list(block.named_children)
    while waiting:
        node = waiting.pop()
        if node.type in ("raise_statement", "return_statement", "continue_statement", "break_statement"):
            yield node
        elif node.type == "expression_statement":
            if node.named_child_count and node.named_children[0].type == "call":
                yield node
        elif node.type not in ("function_definition", "class_definition", "decorated_definition"):
            waiting += node.named_children


def _context_managers(statement: Node) -> Iterator[Node]:
    clause = next((child for child in statement.children if child.type == "with_clause"), None)
    for item in clause.named_children if clause is not None else ():
        value = item.child_by_field_name("value")
        if value is not None and value.type == "as_pattern":
            value = value.named_children[0]
        if value is not None and value.type == "call":
            yield value
