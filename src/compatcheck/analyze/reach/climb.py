"""From a place up to the module: every construct on the way narrows the runtimes that get there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from tree_sitter import Node

from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet

Condition = Callable[[Node], "Truth"]


@dataclass(frozen=True, slots=True)
class Truth:
    """The runtimes on which a condition can be true, and those on which it can be false."""

    yes: RuntimeSet
    no: RuntimeSet


@dataclass(slots=True)
class _Block:
    """The statements of a block and, as far as known, what is left before each."""

    statements: list[Node]
    left: list[RuntimeSet]
    all: RuntimeSet


class Reach:
    """Works out reach in one tree. `condition` judges tests, `survives` says where a simple statement goes on,
    `handled` where a try statement's handler can run, `entered` where a function's body can, `case` where a case's
    pattern can match.
    """

    def __init__(
        self,
        everything: RuntimeSet,
        condition: Condition,
        survives: Callable[[Node], RuntimeSet],
        handled: Callable[[Node, Node], RuntimeSet],
        entered: Callable[[Node], RuntimeSet],
        case: Condition,
    ) -> None:
        self._case = case
        self._all = everything
        self._condition = condition
        self._survives = survives
        self._handled = handled
        self._entered = entered
        self._at: dict[int, RuntimeSet] = {}
        self._done: dict[int, RuntimeSet] = {}
        self._blocks: dict[int, _Block] = {}
        self._asking: dict[int, list[Node]] = {}

    def judged(self, test: Node) -> Truth:
        """The runtimes on which a test can be true, and on which it can be false."""
        return self._condition(test)

    def at(self, node: Node) -> RuntimeSet:
        """The runtimes that reach the node."""
        path: list[Node] = []
        current: Node | None = node
        while current is not None and current.id not in self._at:
            path.append(current)
            current = current.parent
        reach = self._at[current.id] if current is not None else self._all
        for place in reversed(path):
            if place.parent is not None and reach:
                self._at[place.id] = reach  # a condition that refers to itself must not loop
                reach &= self._step(place.parent, place)
            self._at[place.id] = reach
        return reach

    def _step(self, parent: Node, child: Node) -> RuntimeSet:
        handle = _STEPS.get(parent.type)
        return handle(self, parent, child) if handle else self._all

    def _in_block(self, parent: Node, child: Node) -> RuntimeSet:
        """What the statements before `child` leave; worked out only as far as it, since later ones may ask back."""
        if parent.id not in self._blocks:
            self._blocks[parent.id] = _Block(parent.named_children, [], self._all)
        block = self._blocks[parent.id]
        while len(block.left) < len(block.statements) and (
            not block.left or block.statements[len(block.left) - 1].start_byte < child.start_byte
        ):
            done = len(block.left)
            if done:
                before = block.statements[done - 1]
                left = self.after(before) if before.type in _LEAVING else self._all
                if len(block.left) > done:  # asked back meanwhile
                    continue
                block.left.append(block.left[-1] & left)
            else:
                block.left.append(self._all)
        known = bisect_right([statement.start_byte for statement in block.statements], child.start_byte) - 1
        return block.left[min(known, len(block.left) - 1)] if known >= 0 and block.left else self._all

    def after(self, statement: Node) -> RuntimeSet:
        """The runtimes that go on behind a statement that is reached."""
        if statement.id not in self._done:
            self._done[statement.id] = self._all
            self._done[statement.id] = self._after(statement)
        return self._done[statement.id]

    def _after(self, node: Node) -> RuntimeSet:
        if node.type in ("return_statement", "raise_statement", "continue_statement", "break_statement"):
            return NO_RUNTIMES
        if node.type in ("if_statement", "elif_clause"):
            return self._after_if(node)
        if node.type == "assert_statement":
            test = node.named_children[0]
            return NO_RUNTIMES if test.type == "false" else self._condition(test).yes
        if node.type == "try_statement":
            return self._after_try(node)
        if node.type == "with_statement":
            body = node.child_by_field_name("body")
            return self.after(body) if body is not None else self._all
        if node.type in ("while_statement", "for_statement"):
            return self._after_loop(node)
        if node.type in ("block", "module"):
            left = self._all
            for statement in node.named_children:
                if statement.type in _LEAVING:
                    left &= self.after(statement)
            return left
        return self._survives(node)

    def _after_if(self, node: Node) -> RuntimeSet:
        """Behind an `if`: through a branch that goes on, or past all of them."""
        bodies = [child for child in node.children if child.type in ("block", "elif_clause", "else_clause")]
        ends = [self.after(_body(child)) if child.type != "elif_clause" else None for child in bodies]
        if all(end == self._all for end in ends if end is not None) and None not in ends:
            return self._all
        rest, out = self._all, NO_RUNTIMES
        for test, body in _branches(node):
            truth = self._condition(test) if test is not None else Truth(rest, NO_RUNTIMES)
            out |= rest & truth.yes & (self.after(body) if body is not None else self._all)
            rest &= truth.no
        return out | rest

    def _after_loop(self, node: Node) -> RuntimeSet:
        """Behind a loop: its condition becomes false, or a `break` leaves it."""
        test, body = node.child_by_field_name("condition"), node.child_by_field_name("body")
        if node.type == "for_statement" or test is None or body is None:
            return self._all
        out = self._condition(test).no
        if (other := node.child_by_field_name("alternative")) is not None:
            out &= self.after(_body(other))
        if out == self._all:
            return out
        for jump in _breaks(body):
            out |= self.at(jump)
        return out

    def _after_try(self, node: Node) -> RuntimeSet:
        body = node.child_by_field_name("body")
        out = self.after(body) if body is not None else self._all
        for clause in node.children:
            if clause.type in ("except_clause", "except_group_clause") and (block := _body(clause)) is not None:
                out |= self._handled(node, clause) & self.after(block)
            elif clause.type == "else_clause":
                out &= self.after(_body(clause))
        final = next((clause for clause in node.children if clause.type == "finally_clause"), None)
        return out & self.after(_body(final)) if final is not None else out

    def _in_if(self, parent: Node, child: Node) -> RuntimeSet:
        left = self._all
        for test, body in _branches(parent):
            if test is not None and child.id == test.id:
                return left
            if body is not None and (child.id == body.id or _holds(child, body)):
                return left & self._condition(test).yes & self._before(parent, test) if test is not None else left
            if test is not None:
                left &= self._condition(test).no
        return self._all

    def _before(self, statement: Node, test: Node) -> RuntimeSet:
        """Where earlier statements of the block that ask for the same name let the program go on."""
        block = statement.parent
        if test.type != "identifier" or block is None or block.type not in ("block", "module"):
            return self._all
        if block.id not in self._asking:
            self._asking[block.id] = [s for s in block.named_children if s.type == "if_statement"]
        left = self._all
        for other in self._asking[block.id]:
            if other.start_byte >= statement.start_byte:
                break
            asked, body = other.child_by_field_name("condition"), other.child_by_field_name("consequence")
            if asked is not None and body is not None and asked.text == test.text:
                after = self.after(body)
                left &= after if after == self._all or not _rebound(block, other, statement, test) else self._all
        return left

    def _in_elif(self, parent: Node, child: Node) -> RuntimeSet:
        return self._all  # the if statement above has counted this branch's own test

    def _in_conditional(self, parent: Node, child: Node) -> RuntimeSet:
        parts = parent.named_children
        if len(parts) != 3 or child.id == parts[1].id:
            return self._all
        truth = self._condition(parts[1])
        return truth.yes if child.id == parts[0].id else truth.no

    def _in_boolean(self, parent: Node, child: Node) -> RuntimeSet:
        left, sign = parent.child_by_field_name("left"), parent.child_by_field_name("operator")
        if left is None or sign is None or child.id == left.id:
            return self._all
        truth = self._condition(left)
        return truth.yes if sign.type == "and" else truth.no

    def _in_while(self, parent: Node, child: Node) -> RuntimeSet:
        test = parent.child_by_field_name("condition")
        if test is None or child == test:
            return self._all
        truth = self._condition(test)
        if child == parent.child_by_field_name("body"):
            return truth.yes
        # A `while … else` runs its `else` when the condition is false, in the first round or in a later one.
        return truth.no

    def _in_assert(self, parent: Node, child: Node) -> RuntimeSet:
        first = parent.named_children[0]
        return self._all if child.id == first.id else self._condition(first).no

    def _in_comprehension(self, parent: Node, child: Node) -> RuntimeSet:
        left = self._all
        body = parent.child_by_field_name("body")
        for clause in parent.named_children:
            if clause.id == child.id and (body is None or child.id != body.id):
                break
            if clause.type == "if_clause" and clause.named_children:
                left &= self._condition(clause.named_children[0]).yes
        return left

    def _in_try(self, parent: Node, child: Node) -> RuntimeSet:
        if child.type in ("except_clause", "except_group_clause"):
            return self._handled(parent, child)
        if child.type == "else_clause" and (body := parent.child_by_field_name("body")) is not None:
            return self.after(body)
        return self._all

    def _in_case(self, parent: Node, child: Node) -> RuntimeSet:
        guard = parent.child_by_field_name("guard")
        if child != parent.child_by_field_name("consequence") and child != guard:
            return self._all
        reach = self._case(parent).yes
        for case in parent.parent.named_children if parent.parent is not None else ():
            if case.id == parent.id:
                break
            if case.type == "case_clause":
                reach &= self._refused(case)
        if guard is None or child == guard or not guard.named_children:
            return reach
        return reach & self._condition(guard.named_children[0]).yes

    def _refused(self, case: Node) -> RuntimeSet:
        """Where a case may let the next one have its try."""
        guard = case.child_by_field_name("guard")
        refused = self._case(case).no
        if guard is not None and guard.named_children:
            refused |= self._condition(guard.named_children[0]).no
        return refused

    def _in_definition(self, parent: Node, child: Node) -> RuntimeSet:
        return self._entered(parent) if child == parent.child_by_field_name("body") else self._all


def _branches(node: Node) -> list[tuple[Node | None, Node | None]]:
    """(test, body) of an `if` with its elifs; the test of `else` is None."""
    found = [(node.child_by_field_name("condition"), node.child_by_field_name("consequence"))]
    for clause in node.children_by_field_name("alternative"):
        if clause.type == "elif_clause":
            found.append((clause.child_by_field_name("condition"), clause.child_by_field_name("consequence")))
        elif clause.type == "else_clause":
            found.append((None, clause.child_by_field_name("body")))
    return found


def _rebound(block: Node, first: Node, last: Node, name: Node) -> bool:
    """Whether something between the starts of two statements of a block may give a name another value."""
    code, start = block.text or b"", block.start_byte
    between = code[first.start_byte - start : last.start_byte - start]
    return re.search(rb"\b" + re.escape(name.text or b"") + rb"\s*(?:=[^=]|:=|,|\)\s*=)", between) is not None


def _breaks(body: Node) -> list[Node]:
    """The `break`s that leave the loop with this body."""
    found, waiting = [], [body]
    while waiting:
        node = waiting.pop()
        if node.type == "break_statement":
            found.append(node)
        elif node.type not in ("for_statement", "while_statement", "function_definition", "class_definition",
                               "expression_statement"):  # fmt: skip
            waiting += node.named_children
    return found


def _body(clause: Node) -> Node:
    """The block of a clause (or the block itself)."""
    if clause.type == "block":
        return clause
    return next((child for child in reversed(clause.children) if child.type == "block"), clause)


def _holds(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


_LEAVING = frozenset(
    {
        "return_statement", "raise_statement", "continue_statement", "break_statement", "if_statement",
        "assert_statement", "try_statement", "with_statement", "expression_statement", "import_statement",
        "import_from_statement", "while_statement",
    }
)  # fmt: skip
_STEPS: dict[str, Callable[[Reach, Node, Node], RuntimeSet]] = {
    "block": Reach._in_block,
    "module": Reach._in_block,
    "if_statement": Reach._in_if,
    "elif_clause": Reach._in_elif,
    "conditional_expression": Reach._in_conditional,
    "boolean_operator": Reach._in_boolean,
    "while_statement": Reach._in_while,
    "assert_statement": Reach._in_assert,
    "list_comprehension": Reach._in_comprehension,
    "set_comprehension": Reach._in_comprehension,
    "dictionary_comprehension": Reach._in_comprehension,
    "generator_expression": Reach._in_comprehension,
    "try_statement": Reach._in_try,
    "case_clause": Reach._in_case,
    "function_definition": Reach._in_definition,
    "class_definition": Reach._in_definition,
}
