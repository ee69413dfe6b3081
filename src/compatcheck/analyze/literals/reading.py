"""Calls that read a text with a form which only some versions know, and format specifications."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from compatcheck.analyze.literals.anchors import anchor, formats, readers
from compatcheck.analyze.literals.preparing import PREPARE
from compatcheck.analyze.names.meanings import Meaning, Meanings
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.quiet import quiet
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import offsets
from compatcheck.model.rules import Confidence, LiteralForm, LiteralRule
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Fact

_STRINGS = ("string", "concatenated_string")
_MOST = 500
_BLANK = b" \t\f\\\r\n"


class Literals:
    """Finds the uses in one text; `scope` are the runtimes that count."""

    def __init__(self, tree: Tree, words: frozenset[bytes], scopes: Scopes, meanings: Meanings, scope: RuntimeSet):
        self._tree = tree
        self._words = words
        self._scopes = scopes
        self._meanings = meanings
        self._scope = scope

    def uses(self, rules: Sequence[LiteralRule]) -> Iterator[Use]:
        """Uses of what some runtime of the scope does not read; the text may hold such as `rules` are about."""
        for rule in rules:
            if formats(rule):
                yield from self._interpolations(rule)
            for word in readers(rule, self._words):
                for at, node in enumerate(self._calls(word)):
                    if at < _MOST and (call := _call_of(node)) is not None:
                        yield from self._called(rule, call)

    def _calls(self, word: bytes) -> Iterator[Node]:
        """Where the word is called, in the code."""
        code = self._tree.code
        for at in offsets(code, word):
            after = code[at + len(word) : at + len(word) + 80].lstrip(_BLANK)[:1]
            if after in (b"(", b"") and not quiet(code).covers(at):
                yield self._tree.node_at(at, at + len(word))

    def _called(self, rule: LiteralRule, call: Node) -> Iterator[Use]:
        function = call.child_by_field_name("function")
        if function is None:
            return
        for symbol in self._meanings.symbols(function):
            where = rule.reads.get(symbol.removeprefix("builtins."))
            if where == ():
                yield from self._format_method(rule, function)
            elif where is not None and (argument := self._argument(call, *where)) is not None:
                yield from self._read(rule, argument, call)

    def _argument(self, call: Node, position: int, name: str) -> Node | None:
        arguments = call.child_by_field_name("arguments")
        given = [node for node in arguments.named_children if node.type != "comment"] if arguments is not None else []
        for node in given:
            if node.type == "keyword_argument" and self._tree.text(node.named_children[0]) == name.encode():
                return node.named_children[-1]
        before = given[: position + 1]
        if any(node.type in ("list_splat", "dictionary_splat", "keyword_argument") for node in before):
            return None
        return before[position] if len(before) > position else None

    def _read(self, rule: LiteralRule, argument: Node, call: Node) -> Iterator[Use]:
        for literal in self._texts(argument):
            if (text := self._text(literal)) is not None:
                prepared = PREPARE[rule.prepare](text, self._tree.text(call))
                yield from self._forms(rule, prepared, argument)

    def _forms(self, rule: LiteralRule, text: str, node: Node, value: Node | None = None) -> Iterator[Use]:
        for form in rule.forms:
            if not self._scope <= form.works and re.search(form.pattern, text) and self._is(form, value):
                fact = Fact(form.says, "literal", form.works, instead=rule.instead)
                confidence: Confidence = "certain" if form.severity == "error" else "possible"
                yield Use(fact, node, rule.failure, Meaning(form.says, self._scope, confidence=confidence))

    def _is(self, form: LiteralForm, value: Node | None) -> bool:
        """Whether the formatted value is of the class that the form is about."""
        if form.of is None:
            return True
        meanings = self._meanings.of(value) if value is not None else ()
        return bool(meanings) and all(m.instance and m.symbol == form.of for m in meanings)

    def _texts(self, argument: Node) -> list[Node]:
        """The literals that an argument may be: itself, or what its name was set to."""
        if argument.type in _STRINGS:
            return [argument]
        if argument.type != "identifier":
            return []
        bindings = self._scopes.lookup(self._tree.text(argument), argument).bindings
        values = [binding.value for binding in bindings if binding.kind == "assign" and binding.value is not None]
        return values if len(values) == len(bindings) and all(value.type in _STRINGS for value in values) else []

    def _text(self, literal: Node) -> str | None:
        try:
            value = ast.literal_eval(self._tree.text(literal).decode("utf-8"))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
        return value.decode("latin-1") if isinstance(value, bytes) else value if isinstance(value, str) else None

    # Format specifications.

    def _format_method(self, rule: LiteralRule, function: Node) -> Iterator[Use]:
        """`"…{:spec}…".format(…)`."""
        receiver = function.child_by_field_name("object")
        for literal in self._texts(receiver) if receiver is not None else ():
            try:
                specs = [spec for _, _, spec, _ in string.Formatter().parse(self._text(literal) or "") if spec]
            except ValueError:
                continue
            for spec in specs:
                yield from self._forms(rule, spec, literal)

    def _interpolations(self, rule: LiteralRule) -> Iterator[Use]:
        """`{value:spec}` of f-strings."""
        for match in anchor(rule.anchor).finditer(self._tree.code):
            if quiet(self._tree.code).covers(match.start()) and quiet(self._tree.code).covers(match.end() - 1):
                continue
            node: Node | None = self._tree.node_at(match.start())
            while node is not None and node.type not in ("interpolation", "block", "module"):
                node = node.parent
            spec = next((n for n in node.children if n.type == "format_specifier"), None) if node is not None else None
            if node is not None and spec is not None and node.type == "interpolation":
                text = self._tree.text(spec)[1:].decode("utf-8", "replace")
                yield from self._forms(rule, text, spec, node.child_by_field_name("expression"))


def _call_of(name: Node) -> Node | None:
    """The call of a function by its last word."""
    around = name.parent
    called = name
    if around is not None and around.type == "attribute" and around.child_by_field_name("attribute") == name:
        called, around = around, around.parent
    return around if around is not None and around.type == "call" and around.named_children[0] == called else None
