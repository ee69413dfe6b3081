"""Calls with more positional arguments than some version takes: `math.gcd(a, b, c)`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tree_sitter import Node

from compatcheck.analyze.names.meanings import Meaning, Meanings
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import occurrences, offsets
from compatcheck.model.runtimes import NO_RUNTIMES, RuntimeSet
from compatcheck.model.stdlib import Fact, Stdlib

_UNCOUNTED = ("list_splat", "dictionary_splat")
_MOST = 500
_LONGEST = 600
_EMPTY = re.compile(rb"\(\s*\)")
_SIGN = re.compile(rb"[()\[\]{},]")


def may_count(code: bytes, word: bytes, least: int) -> bool:
    """Whether the word is followed by a call with more arguments than every version takes, as far as commas tell."""
    for at in offsets(code, word):
        opening = at + len(word)
        if code[opening : opening + 1] != b"(" or code.endswith((b"def ", b"class "), 0, at) or quiet(code).covers(at):
            continue
        if _commas(code, opening) >= least and (least or not _EMPTY.match(code, opening)):
            return True
    return False


def _commas(code: bytes, opening: int) -> int:
    """How many commas separate the arguments of the call whose bracket opens there; all that are near when it is long."""
    count = depth = 0
    silent = quiet(code)
    for match in _SIGN.finditer(code, opening, opening + _LONGEST):
        if silent.hides(match.start()):
            continue
        sign = match[0]
        if sign == b",":
            count += depth == 1
        else:
            depth += 1 if sign in b"([{" else -1
            if not depth:
                return count
    return max(count, code.count(b",", opening, opening + _LONGEST))


class Counting:
    """Finds them in one text."""

    def __init__(self, tree: Tree, meanings: Meanings, stdlib: Stdlib) -> None:
        self._tree = tree
        self._meanings = meanings
        self._stdlib = stdlib

    def uses(self, words: Iterable[bytes]) -> Iterator[Use]:
        """The uses that end in a TypeError, of calls by these last words."""
        for word in words:
            for at, node in enumerate(occurrences(self._tree, word)):
                if at < _MOST and (call := call_of(node)) is not None and (count := self._count(call)) > 0:
                    yield from self._called(call, node, count)

    def _count(self, call: Node) -> int:
        """How many arguments a call gives by position; -1 when nobody knows."""
        arguments = call.child_by_field_name("arguments")
        if arguments is None or arguments.type != "argument_list":
            return -1
        given = [node for node in arguments.named_children if node.type not in ("comment", "keyword_argument")]
        return -1 if any(node.type in _UNCOUNTED for node in given) else len(given)

    def _called(self, call: Node, name: Node, count: int) -> Iterator[Use]:
        function = call.child_by_field_name("function")
        for meaning in self._meanings.of(function) if function is not None else ():
            if meaning.symbol is None or meaning.instance or meaning.inherited:
                continue
            fact = self._stdlib.fact(meaning.symbol.removeprefix("builtins."))
            if fact is not None and fact.kind == "method" and not self._is_of_instance(function):
                continue  # `Class.method(self, …)`, or a class's own method
            if fact is not None and (refused := _refused(fact, count)):
                told = replace(
                    fact, symbol=f"{fact.symbol}() with {count} arguments", kind="parameter", works=fact.works - refused
                )
                yield Use(told, name, "TypeError", Meaning(told.symbol, meaning.on, confidence=meaning.confidence))

    def _is_of_instance(self, function: Node | None) -> bool:
        receiver = function.child_by_field_name("object") if function is not None else None
        return receiver is not None and all(meaning.instance for meaning in self._meanings.of(receiver))


def _refused(fact: Fact, count: int) -> RuntimeSet:
    """The runtimes that take fewer; none where no version takes that many."""
    refused, taken = NO_RUNTIMES, NO_RUNTIMES
    for runtimes, most in fact.positional:
        if most is None or most >= count:
            taken |= runtimes
        else:
            refused |= runtimes
    return refused if taken else NO_RUNTIMES


def call_of(name: Node) -> Node | None:
    """The call of a function by its last word."""
    around = name.parent
    called = name
    if around is not None and around.type == "attribute" and around.child_by_field_name("attribute") == name:
        called, around = around, around.parent
    return around if around is not None and around.type == "call" and around.named_children[0] == called else None
