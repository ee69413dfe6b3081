"""From suspicious words to uses of symbols: attribute, import, keyword argument, builtin, string."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from tree_sitter import Node

from compatcheck.analyze.names.bindings import binding_at
from compatcheck.analyze.names.foreign import Foreign
from compatcheck.analyze.names.meanings import Meaning, Meanings, is_fallback
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.names.use import Failure, Use
from compatcheck.analyze.tree import Tree
from compatcheck.model.linking import PROVIDERS
from compatcheck.model.rules import Confidence
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Fact, Shape, Stdlib

_DISOWNED = re.compile(rb"#.*ignore\[[^\]]*(?:attr-defined|reportAttributeAccessIssue|unresolved-attribute)")
_TEXTS = frozenset({"str", "bytes"})
_STRINGS = frozenset({"string", "concatenated_string", "parenthesized_expression"})
_PATCHES = frozenset({"unittest.mock.patch", "mock.patch"})
# A class of this file that has one of them takes its own arguments.
_CONSTRUCTORS = ("__init__", "__new__", "__init_subclass__")

_STAR = re.compile(rb"(?:\bfrom[ \t]+([\w.]+)[ \t]+)?import[ \t]*\(?[ \t]*\*")


class Uses:
    """Finds the uses of symbols in one tree."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        meanings: Meanings,
        stdlib: Stdlib,
        everything: RuntimeSet,
        foreign: Foreign,
        *,
        guesses: bool = False,
    ) -> None:
        self._guesses = guesses
        self._members: list[str] = []
        self._foreign = foreign
        self._tree = tree
        self._scopes = scopes
        self._meanings = meanings
        self._stdlib = stdlib
        self._everything = everything

    def of(self, places: Iterable[tuple[bytes, int, Sequence[Shape]]]) -> Iterator[Use]:
        """The uses of symbols that end in these words at these places."""
        for word, at, shapes in places:
            text = word.decode()
            self._members = [shape.symbol for shape in shapes if shape.kind == "member"]
            node = self._tree.node_at(at, at + len(word))
            if node.type == "identifier":
                yield from self._identifier(node, text)
            elif node.type == "__future__" and (fact := self._stdlib.fact(text)) is not None:
                yield Use(fact, node, "ModuleNotFoundError", Meaning(text, self._everything))
            elif node.type in ("string_content", "string"):
                yield from self._in_string(node, text)

    def _identifier(self, node: Node, word: str) -> Iterator[Use]:
        parent = node.parent
        if parent is None:
            return
        if parent.type == "attribute" and parent.child_by_field_name("attribute") == node:
            yield from self._attribute(parent, node, word)
        elif parent.type == "dotted_name" or parent.type == "aliased_import":
            yield from self._import(node, parent)
        elif parent.type == "keyword_argument" and parent.child_by_field_name("name") == node:
            yield from self._keyword(parent, node, word)
        elif binding_at(node) is None:
            yield from self._builtin(node, word)

    def _attribute(self, parent: Node, node: Node, word: str) -> Iterator[Use]:
        receiver = parent.child_by_field_name("object")
        if receiver is None or _is_target(parent):
            return
        meanings = self._meanings.of(receiver)
        if self._guesses and all(meaning.symbol is None and meaning.own is None for meaning in meanings):
            yield from self._guess(node, word)
        for meaning in meanings:
            fact = self._meanings.member_fact(meaning, word) if meaning.symbol else None
            if fact is None or (meaning.inherited and self._meanings.defines(word)):
                continue
            never = not fact.works and fact.kind == "method"
            if never and meaning.symbol in _TEXTS and receiver.type not in _STRINGS:
                continue  # what is a text here and decoded there is more than its first value says
            # A method of Python 2: code that runs at all has something else in mind.
            if (
                never
                or self._puts(word)
                or (meaning.instance and self._disowned(node))
                or any(self._may_have(other, word, meaning.on - fact.works) for other in meanings)
            ):
                yield Use(fact, node, "AttributeError", replace(meaning, confidence="possible"))
            else:
                yield Use(fact, node, "AttributeError", meaning)

    def _guess(self, node: Node, word: str) -> Iterator[Use]:
        """A method of an unknown receiver, when every class that has one of that name lacks it somewhere."""
        facts = [fact for symbol in self._members if (fact := self._stdlib.fact(symbol)) is not None and fact.works]
        if facts:
            newest = max(facts, key=lambda fact: (len(fact.works), -len(fact.symbol)))
            yield Use(newest, node, "AttributeError", Meaning(newest.symbol, self._everything), guess=True)

    def _disowned(self, node: Node) -> bool:
        """Whether a comment to a type checker on the line says that the receiver is not what its type says."""
        end = self._tree.code.find(b"\n", node.end_byte)
        return _DISOWNED.search(self._tree.code[node.end_byte : end if end >= 0 else None]) is not None

    def _may_have(self, meaning: Meaning, word: str, on: RuntimeSet) -> bool:
        """Whether the receiver may be this instead, and have the member on some of the runtimes."""
        fact = self._meanings.member_fact(meaning, word) if meaning.symbol else None
        there = meaning.on & on
        return meaning.symbol != "NoneType" and bool(there & fact.works if fact is not None else there)

    def _puts(self, word: str) -> bool:
        """Whether somebody assigns an attribute of that name here."""
        code, needle = self._tree.code, f".{word}".encode()
        at = code.find(needle)
        while at >= 0:
            after = code[at + len(needle) : at + len(needle) + 4].lstrip()
            if after[:1] == b"=" and after[1:2] != b"=":
                return True
            at = code.find(needle, at + 1)
        return False

    def _import(self, node: Node, parent: Node) -> Iterator[Use]:
        if parent.type != "dotted_name" or parent.parent is None:
            return
        statement = parent.parent if parent.parent.type != "aliased_import" else parent.parent.parent
        if statement is None:
            return
        parts = [child for child in parent.named_children if child.type == "identifier"]
        prefix = ".".join(self._text(part) for part in parts[: parts.index(node) + 1]) if node in parts else ""
        module = statement.child_by_field_name("module_name")
        if statement.type == "import_from_statement" and module is not None and module != parent:
            if module.type != "dotted_name":
                return
            prefix = f"{self._text(module)}.{prefix}"
        elif statement.type not in ("import_statement", "import_from_statement"):
            return
        fact = self._stdlib.fact(prefix)
        if fact is not None and not self._foreign.shadowed(prefix):
            failure: Failure = "ModuleNotFoundError" if fact.kind == "module" else "ImportError"
            guess = is_fallback(node, self._foreign.is_standard) or self._provided(prefix)
            confidence: Confidence = "possible" if guess else "certain"
            yield Use(fact, node, failure, Meaning(prefix, self._everything, confidence=confidence))

    def _provided(self, module: str) -> bool:
        """Whether a package that the text names brings the module with it."""
        package = PROVIDERS.get(module.partition(".")[0])
        return package is not None and package.encode() in self._tree.code

    def _keyword(self, parent: Node, node: Node, word: str) -> Iterator[Use]:
        arguments = parent.parent
        call = arguments.parent if arguments is not None else None
        if arguments is None or call is None:
            return
        if call.type == "class_definition":
            for base in arguments.named_children:
                if base.type in ("identifier", "attribute"):
                    yield from self._parameter(self._meanings.of(base), node, word)
        elif (function := call.child_by_field_name("function")) is not None:
            yield from self._parameter(self._called(function, arguments), node, word)

    def _called(self, function: Node, arguments: Node) -> tuple[Meaning, ...]:
        """What a call gives its arguments to: the function itself, or the one that `partial` keeps them for."""
        if "functools.partial" in self._meanings.symbols(function):
            first = next((child for child in arguments.named_children if child.type != "comment"), None)
            return self._meanings.of(first) if first is not None and first.type in ("identifier", "attribute") else ()
        return self._meanings.of(function)

    def _parameter(self, callees: Iterable[Meaning], node: Node, word: str) -> Iterator[Use]:
        for meaning in callees:
            fact = self._parameter_fact(meaning, word) if meaning.symbol else None
            if fact is not None and not (meaning.inherited and any(map(self._meanings.defines, _CONSTRUCTORS))):
                yield Use(fact, node, "TypeError", meaning)

    def _parameter_fact(self, meaning: Meaning, word: str) -> Fact | None:
        symbol = (meaning.symbol or "").removeprefix("builtins.")
        found = self._stdlib.fact(f"{symbol}({word})") or self._meanings.inherited_fact(symbol, f"__init__({word})")
        cls, _, method = symbol.rpartition(".")
        return found or (self._meanings.inherited_fact(cls, f"{method}({word})") if cls else None)

    def _builtin(self, node: Node, word: str) -> Iterator[Use]:
        fact = self._stdlib.fact(word)
        if fact is not None and fact.kind != "module" and self._scopes.lookup(word.encode(), node).scope is None:
            # A star import may bring the name.
            confidence: Confidence = "possible" if self._stars() else "certain"
            yield Use(fact, node, "NameError", Meaning(word, self._everything, confidence=confidence))

    def _stars(self) -> bool:
        """Whether `import *` may bring any name: of a module of which nobody knows better."""
        known = self._stdlib.stars
        return any(
            (match[1] or b"").decode("utf-8", "replace") not in known for match in _STAR.finditer(self._tree.code)
        )

    def _in_string(self, node: Node, word: str) -> Iterator[Use]:
        string = node if node.type == "string" else node.parent
        arguments = string.parent if string is not None else None
        if arguments is not None and arguments.type == "pair":
            yield from self._spread(arguments, node)
        if string is None or arguments is None or arguments.type != "argument_list" or arguments.parent is None:
            return
        function = arguments.parent.child_by_field_name("function")
        text = self._text(node)
        yield from self._patched(function, node, text, arguments)
        given = [child for child in arguments.named_children if child.type != "comment"]
        for symbol in self._meanings.symbols(function) if function is not None else ():
            if symbol in ("importlib.import_module", "__import__") and given[0] == string:
                if (fact := self._stdlib.fact(text)) and fact.kind == "module":
                    confidence: Confidence = "possible" if self._provided(text) else "certain"
                    yield Use(fact, node, "ModuleNotFoundError", Meaning(text, self._everything, confidence=confidence))
            elif symbol == "getattr" and len(given) == 2 and given[1] == string:
                for meaning in self._meanings.of(given[0]):
                    if meaning.symbol and (fact := self._meanings.member_fact(meaning, text)):
                        yield Use(fact, node, "AttributeError", meaning)

    def _patched(self, function: Node | None, node: Node, text: str, arguments: Node) -> Iterator[Use]:
        """`mock.patch("m.x")`, `monkeypatch.setattr("m.x", …)`: the name is looked up, and tests may skip."""
        if function is None or "." not in text or arguments.named_children[0] not in (node, node.parent):
            return
        by_name = self._tree.text(function) in (b"monkeypatch.setattr", b"monkeypatch.delattr")
        fact = self._stdlib.fact(text.strip("'\""))
        if fact is not None and (by_name or self._meanings.symbols(function) & _PATCHES):
            yield Use(fact, node, "AttributeError", Meaning(fact.symbol, self._everything), guess=True)

    def _spread(self, pair: Node, node: Node) -> Iterator[Use]:
        """A key in `f(**{"key": value})`."""
        splat = pair.parent.parent if pair.parent is not None else None
        arguments = splat.parent if splat is not None and splat.type == "dictionary_splat" else None
        if arguments is None or arguments.type != "argument_list" or arguments.parent is None:
            return
        function = arguments.parent.child_by_field_name("function")
        if function is not None and pair.named_children[0].end_byte >= node.end_byte:
            yield from self._parameter(self._called(function, arguments), node, self._text(node))

    def _text(self, node: Node) -> str:
        return b"".join(self._tree.text(node).split()).decode("utf-8", "replace")


def _is_target(attribute: Node) -> bool:
    parent = attribute.parent
    if parent is None:
        return False
    if parent.type == "assignment" and parent.child_by_field_name("left") == attribute:
        return True
    return parent.type == "delete_statement"
