"""The standard library in one text: words to uses to problems, with the runtimes that reach them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from tree_sitter import Node

from compatcheck.analyze.literals.reading import Literals
from compatcheck.analyze.names.annotations import Annotations
from compatcheck.analyze.names.candidates import Candidates, candidates_in
from compatcheck.analyze.names.counting import Counting
from compatcheck.analyze.names.exports import Exporter
from compatcheck.analyze.names.foreign import Foreign
from compatcheck.analyze.names.meanings import Meanings
from compatcheck.analyze.names.operators import Operators
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.names.subscripts import Types
from compatcheck.analyze.names.suspects import Suspects
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.names.uses import Uses
from compatcheck.analyze.reach.callers import Callers
from compatcheck.analyze.reach.climb import Reach, Truth
from compatcheck.analyze.reach.conditions import LAST_MICRO, Conditions
from compatcheck.analyze.reach.declared import NOTHING_DECLARED, Declared
from compatcheck.analyze.reach.evaluate import Evaluator
from compatcheck.analyze.reach.evidence import Evidence
from compatcheck.analyze.reach.guards import Guards
from compatcheck.analyze.reach.knowledge import Known
from compatcheck.analyze.reach.leaving import Leaving
from compatcheck.analyze.reach.marks import Marks
from compatcheck.analyze.reach.slips import Slip, Slips
from compatcheck.analyze.reach.telling import Telling
from compatcheck.analyze.reach.values import UNKNOWN, Interpreter, Unavailable
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.analyze.words import words_of
from compatcheck.model.linking import Export, Exports, Values
from compatcheck.model.runtimes import NO_RUNTIMES, Runtimes, RuntimeSet
from compatcheck.model.stdlib import Fact, Stdlib, has_system

_NOTHING_KNOWN: Exports = {}
_PLAIN = (bool, int, str, type(None))
# Nodes of one test that are looked at for names of other modules.
_MOST_ASKED = 100
_CONSTANTS = frozenset({"true", "false", "none", "integer"})
_IMPORTING = ("ModuleNotFoundError", "ImportError")
_PYTHON2_METHODS = frozenset(
    b"__div__ __rdiv__ __idiv__ __long__ __unicode__ __cmp__ __coerce__ __nonzero__ __hex__ __oct__ __getslice__ "
    b"__setslice__ __delslice__".split()
)
_CATCHING = frozenset({b"except", b"suppress"})
# Calls of calls of calls that are followed outwards.
_DEEPEST_CALLS = 5


class Library:
    """Finds what a text asks of the standard library; made once a text, does nothing until asked."""

    def __init__(
        self,
        tree: Tree,
        stdlib: Stdlib,
        runtimes: Runtimes,
        scope: RuntimeSet,
        suspects: Suspects,
        exports: Exports = _NOTHING_KNOWN,
        declared: Declared = NOTHING_DECLARED,
        system: str | None = None,
        candidates: Candidates | None = None,
    ) -> None:
        self._system = system
        self._tree = tree
        self.stdlib = stdlib
        self._imports: list[Node] = []
        self._runtimes = runtimes
        self._scope = scope
        self._suspects = suspects
        self._words = words_of(tree.code)
        self._given = candidates
        self.foreign = Foreign(exports, suspects.names)
        more = self.foreign.telling(tree.code) | _asked(tree.code, runtimes, scope)
        self._telling = Telling(tree, self._words, suspects.listed, more)
        self._annotations = Annotations(tree, self._words, runtimes, scope)
        self.scopes = Scopes(tree)
        self.conditions = Conditions(self._telling, runtimes, scope)
        self.reach = Reach(
            scope, self.conditions.of, self._survives, self._handled, self._entered, self.conditions.of_case
        )
        self.meanings = Meanings(tree, self.scopes, stdlib, scope, self.reach.at, self.foreign)
        self.known = Known(tree, self.scopes, self.meanings, stdlib, self.reach, self.told)
        self.guards = Guards(tree, self.meanings.symbols, self.known.values, self.reach, scope)
        self.known.guards = self.guards
        self._leaving = Leaving(tree, stdlib, scope, self.meanings, suspects.names)
        self._leaving.reach, self._leaving.guards = self.reach, self.guards
        self._callers = Callers(tree)
        self._marks = Marks(
            tree, self._words, scope, self.meanings.symbols, self.conditions.of, self._quoted, self.known.values,
            declared.decorators,
        )  # fmt: skip
        self._declared = declared
        self._evaluator = Evaluator(tree, self.known)
        self.conditions.evaluator = self._evaluator

    @cached_property
    def candidates(self) -> Candidates:
        """What of the text is looked at."""
        return candidates_in(self._tree.code, self._words, self._suspects) if self._given is None else self._given

    def uses(self) -> list[tuple[Use, RuntimeSet]]:
        """Unguarded uses that fail somewhere, each once, with the runtimes that reach them."""
        found: dict[tuple[int, str], tuple[Use, RuntimeSet]] = {}
        for use, reach in self._unguarded():
            key = use.node.id, use.fact.symbol
            if key not in found or found[key][0].deprecated:
                found[key] = use, reach
            elif not (use.deprecated or use.differs):
                found[key] = found[key][0], reach | found[key][1]
        return list(found.values())

    def slips(self, uses: Iterable[tuple[Use, RuntimeSet]]) -> list[Slip]:
        """Bugs inside guards; `uses` are what `uses()` gave."""
        return list(Slips(self, self._tree, self._words, self._runtimes, self._scope).of(uses, self._imports))

    def evidence(self, use: Use) -> tuple[str, ...]:
        """Why the use is a finding, in lines for people."""
        return Evidence(self._tree, self.scopes, self.reach, self._runtimes, self._scope).of(use)

    def reason(self, line: int, feature: str) -> str:
        """Why a feature on a line, as others name it ("'math.lcm' member"), is no finding."""
        name = feature.partition("'")[2].partition("'")[0]
        fact = self.stdlib.fact(name)
        start = sum(len(each) for each in self._tree.code.splitlines(keepends=True)[: line - 1])
        end = self._tree.code.find(b"\n", start)
        word = name.rpartition(".")[2].encode()
        at = self._tree.code.find(word, start, end if end >= 0 else len(self._tree.code)) if word else -1
        node = self._tree.node_at(at if at >= 0 else start)
        reach = self.reached(node)
        if fact is not None and self._scope <= fact.works:
            return "every target has it"
        if fact is not None and reach & self._scope <= fact.works:
            return f"guarded, {self._runtimes.phrase(reach & self._scope) or 'no target'} gets there"
        if fact is not None and not self.escaping(node, _failure_of(fact)):
            return "guarded, somebody catches the failure"
        evaluated, read = self._annotations.evaluated(node)
        if not evaluated:
            return "not evaluated" + (", unless somebody reads the annotations" if read else "")
        return "it means something else here" if fact is not None else "not known to depend on the version here"

    def annotations(self) -> Annotations:
        return Annotations(self._tree, self._words, self._runtimes, self._scope)

    def reached(self, node: Node) -> RuntimeSet:
        """The runtimes that reach a node, guards that people declare included."""
        return self.reach.at(node) & self._declared.at(node)

    def wants(self, uses: Iterable[tuple[Use, RuntimeSet]]) -> frozenset[str]:
        """Names of the project's other modules that may change what was found, as this file writes them."""
        heads = set()
        for use, _ in uses:
            heads.add(use.fact.symbol.partition(".")[0])
        if heads:
            for test in list(self.conditions.open_tests.values()):
                self._ask(test)
        modules = {head for head in heads if self._suspects.is_module(head) and self.foreign.get(head) is None}
        return frozenset(self.foreign.asked | modules)

    def _ask(self, test: Node) -> None:
        """Has the names in a test looked up, so that those of other modules are asked for."""
        waiting, most = [test], _MOST_ASKED
        while waiting and most:
            node = waiting.pop()
            most -= 1
            if node.type in ("identifier", "attribute"):
                self.meanings.of(node)
            if node.type == "identifier":
                bindings = self.scopes.lookup(self._tree.text(node), node).bindings
                waiting += [b.value for b in bindings if b.kind == "assign" and b.value is not None]
            else:
                waiting += node.named_children

    def export(self, name: str) -> Export:
        """What a name of the text means to modules that import it."""
        exporter = Exporter(self._tree, self.scopes, self.meanings, self.reach.at, self._judged, _returned)
        return exporter.of(name)

    def _judged(self, nodes: Sequence[Node]) -> Values:
        """What expressions give on each runtime, where those that are reached agree; nothing for what only is the same
        everywhere, and asks for no version.
        """
        known = {}
        for runtime in self._runtimes.members(self._scope):
            pair = [self._agreed(nodes, Interpreter.of(runtime, micro)) for micro in (0, LAST_MICRO)]
            if UNKNOWN not in pair:
                known[runtime.bit] = pair[0], pair[1]
        if len({repr(pair) for pair in known.values()}) > 1:
            return known
        asks = any(node.type not in _CONSTANTS and self._telling.matters(node) for node in nodes)
        return known if asks else {}

    def _agreed(self, nodes: Sequence[Node], interpreter: Interpreter) -> Any:
        try:
            values = [self._evaluator.value(n, interpreter) for n in nodes if self._reached(n, interpreter)]
        except Unavailable:
            return UNKNOWN
        plain = bool(values) and all(value == values[0] for value in values) and isinstance(values[0], _PLAIN)
        return values[0] if plain else UNKNOWN

    def _unguarded(self) -> Iterator[tuple[Use, RuntimeSet]]:
        for found in self._found():
            if found.failure in _IMPORTING:
                self._imports.append(found.node)
            if (use := self._evaluated(found)) is None:
                continue
            if self._system is not None and not has_system(use.fact.platform, self._system):
                use = replace(use, fact=replace(use.fact, works=NO_RUNTIMES), system=self._system)
            works = use.fact.works
            reach = use.meaning.on & self._scope
            leaving = self._deprecated(use.fact)
            differs = use.fact.differs
            if reach <= works and not reach & (leaving | differs):
                continue
            reach &= self.reached(use.node)
            if not reach <= works and not self._words.isdisjoint(_CATCHING):
                reach &= works | self.escaping(use.node, use.failure)
            if not reach <= works:
                if not works and self._maybe_dead(use.node):
                    use = replace(use, meaning=replace(use.meaning, confidence="possible"))
                yield use, reach
            elif reach & differs:
                yield replace(use, differs=True), reach & differs
            elif reach & leaving:
                yield replace(use, deprecated=True), reach & leaving

    def _deprecated(self, fact: Fact) -> RuntimeSet:
        """Where the symbol still works and its end is known."""
        if fact.deprecated is None or not (fact.removal or self._ends(fact)):
            return NO_RUNTIMES
        return fact.works & self._runtimes.between(fact.deprecated, None)

    def _ends(self, fact: Fact) -> bool:
        newest = self._runtimes.cpython3.bits.bit_length() - 1
        return bool(fact.works) and not fact.works.bits >> newest & 1

    def _evaluated(self, use: Use) -> Use | None:
        """The use as far as it is evaluated: annotations are not always, or only by who reads them."""
        named = use.node.type == "identifier" and use.failure in ("AttributeError", "NameError")
        if use.fact.kind == "subscript" or not named:
            return use
        on, read = self._annotations.evaluated(use.node)
        if on:
            return use if on == self._scope else replace(use, meaning=replace(use.meaning, on=use.meaning.on & on))
        return replace(use, meaning=replace(use.meaning, confidence="possible")) if read else None

    def _found(self) -> Iterator[Use]:
        candidates = self.candidates
        uses = Uses(
            self._tree, self.scopes, self.meanings, self.stdlib, self._scope, self.foreign,
            guesses=self._suspects.guesses,
        )  # fmt: skip
        yield from uses.of(candidates.places)
        types = Types(self._tree, self.meanings, self.annotations(), self.stdlib)
        yield from types.subscripts(candidates.subscripts)
        if candidates.unions:
            yield from types.unions()
        if candidates.operators:
            yield from Operators(self._tree, self.meanings, candidates.operators).uses()
        yield from Counting(self._tree, self.meanings, self.stdlib).uses(candidates.counted)
        literals = Literals(self._tree, self._words, self.scopes, self.meanings, self._scope)
        yield from literals.uses(candidates.literals)

    def _quoted(self, string: Node) -> Truth:
        """A test in a string, as pytest evaluates it."""
        content = b"".join(self._tree.text(child) for child in string.named_children if child.type == "string_content")
        tree = Tree(b"import os, platform, sys\nif (%s):\n    pass\n" % content)
        test = next((node for node in tree.root.named_children if node.type == "if_statement"), None)
        condition = test.child_by_field_name("condition") if test is not None else None
        if condition is None or tree.root.has_error:
            return Truth(self._scope, self._scope)
        return Library(tree, self.stdlib, self._runtimes, self._scope, self._suspects).conditions.of(condition)

    def told(self, symbol: str, interpreter: Interpreter, *, called: bool = False) -> Any:
        """The value of another module's flag, or of a call of its predicate; UNKNOWN where nobody says."""
        export = self.foreign.get(symbol)
        if export is None:
            return UNKNOWN
        pair = (export.calls if called else export.values).get(interpreter.bit)
        return UNKNOWN if pair is None else pair[interpreter.version[2] == LAST_MICRO]

    def _reached(self, node: Node, interpreter: Interpreter) -> bool:
        return bool(self.reach.at(node).bits >> interpreter.bit & 1)

    # What reach asks.

    def _survives(self, statement: Node) -> RuntimeSet:
        return self._leaving.survives(statement)

    def _handled(self, statement: Node, clause: Node) -> RuntimeSet:
        return self._leaving.handled(statement, clause)

    def _entered(self, definition: Node) -> RuntimeSet:
        """Where the body of a function runs: decorators may keep it from running, and hidden ones run where their
        callers are.
        """
        if definition.type != "function_definition":
            return self._scope
        if self._is_of_python2(definition):
            return self._scope - self._runtimes.cpython3
        left = self._marks.lets(definition)
        calls = self._callers.mentions(definition) if self._telling.words else ()
        outside = [call for call in calls if not _within(call, definition)]
        if outside:
            called = NO_RUNTIMES
            for call in outside:
                called |= self.reach.at(call)
            left &= called
        return left

    def _is_of_python2(self, function: Node) -> bool:
        """Whether only Python 2 calls a special method, and nothing here does by its name."""
        name = function.child_by_field_name("name")
        word = self._tree.text(name) if name is not None else b""
        return word in _PYTHON2_METHODS and self._tree.code.count(word) == 1

    def _maybe_dead(self, node: Node) -> bool:
        """Whether the module asks something before it comes to a place that nobody can answer here."""
        for parent in ancestors(node):
            if parent.type == "if_statement" and parent.parent is not None and parent.parent.type == "module":
                test = parent.child_by_field_name("condition")
                truth = self.conditions.of(test) if test is not None else None
                return truth is not None and truth.yes == truth.no == self._scope
        return False

    def escaping(self, node: Node, failure: str, depth: int = 0) -> RuntimeSet:
        """The runtimes on which nobody catches the failure: no handler around it, nor around all calls of a hidden
        function that it is in.
        """
        left = self._scope - self.guards.caught(node, failure)
        function = _function_around(node)
        if left and function is not None and depth < _DEEPEST_CALLS:
            outside = [call for call in self._callers.of(function) if not _within(call, function)]
            if outside:
                escaped = NO_RUNTIMES
                for call in outside:
                    escaped |= self.escaping(call, failure, depth + 1)
                left &= escaped
        return left


def _failure_of(fact: Fact) -> str:
    return "ModuleNotFoundError" if fact.kind == "module" else "AttributeError"


def _function_around(node: Node) -> Node | None:
    """The function in whose body the node stands."""
    child = node
    for parent in ancestors(node):
        if parent.type in ("function_definition", "lambda") and child == parent.child_by_field_name("body"):
            return parent
        child = parent
    return None


def _asked(code: bytes, runtimes: Runtimes, scope: RuntimeSet) -> frozenset[bytes]:
    """The words of tests that the platforms in the scope answer: `sys.platform`, `anvil.is_server_side()`."""
    told = {symbol.removesuffix("()") for runtime in runtimes.members(scope) for symbol in runtime.tells}
    found = set()
    for symbol in told:
        module, _, word = symbol.encode().rpartition(b".")
        if symbol.encode() in code or b"from " + module + b" import" in code:
            found.add(word)
    return frozenset(found)


def _within(node: Node, outer: Node) -> bool:
    return outer.start_byte <= node.start_byte and node.end_byte <= outer.end_byte


def _returned(function: Node) -> list[Node]:
    """The values of a small function's own return statements."""
    found, waiting = [], [function.child_by_field_name("body")]
    while waiting:
        node = waiting.pop()
        if node is None or node.type in ("function_definition", "class_definition", "lambda"):
            continue
        if node.type == "return_statement" and node.named_child_count:
            found.append(node.named_children[0])
        elif node.type not in ("expression_statement", "call"):
            waiting += node.named_children
    return found
