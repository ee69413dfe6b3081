"""What an expression means: a symbol of the standard library, an instance of one of its classes, or nothing known."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import repeat

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding
from compatcheck.analyze.names.foreign import Foreign
from compatcheck.analyze.names.inference import Inference
from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.analyze.words import offsets
from compatcheck.model.rules import Confidence
from compatcheck.model.runtimes import RuntimeSet
from compatcheck.model.stdlib import Fact, Stdlib

# A test of a value by a function that is named after what it finds out.
_NARROWING = re.compile(rb"(?:if|and|not) (?:\w+\.)*_?is_?[a-z]\w*\(")
_DEEPEST = 12
_MOST_BASES = 40


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that an expression may be, on the runtimes `on`.

    `symbol` is dotted (`math.lcm`, `str`), None when unknown; `instance` says an instance of that class is meant;
    `own` is the class or function of this file that it is instead; `inherited` says that a class of this file stands
    between, which may define members itself.
    """

    symbol: str | None
    on: RuntimeSet
    instance: bool = False
    confidence: Confidence = "certain"
    own: Node | None = None
    inherited: bool = False


class Meanings:
    """Resolves expressions of one tree. `reach` says on which runtimes a node is reached."""

    def __init__(
        self,
        tree: Tree,
        scopes: Scopes,
        stdlib: Stdlib,
        everything: RuntimeSet,
        reach: Callable[[Node], RuntimeSet],
        foreign: Foreign,
    ) -> None:
        self._foreign = foreign
        self._tree = tree
        self._scopes = scopes
        self._stdlib = stdlib
        self._everything = everything
        self._reach = reach
        self._infer = Inference(tree, self)
        self._narrows = b"isinstance" in tree.code or _NARROWING.search(tree.code) is not None
        self._defined: dict[str, bool] = {}
        self._known: dict[int, tuple[Meaning, ...]] = {}
        self._depth = 0

    def of(self, node: Node) -> tuple[Meaning, ...]:
        """Everything that the expression may mean; an unknown alternative has symbol None."""
        if node.id in self._known:
            return self._known[node.id]
        if self._depth >= _DEEPEST:
            return (self.unknown(),)
        self._known[node.id] = (self.unknown(),)  # what refers to itself means nothing known
        self._depth += 1
        try:
            found = tuple(dict.fromkeys(self._expression(node)))
        finally:
            self._depth -= 1
        self._known[node.id] = found
        return found

    def bindings(self, name: Node) -> tuple[Binding, ...]:
        """What an identifier may be bound by."""
        return self._scopes.lookup(self._tree.text(name), name).bindings

    def symbols(self, node: Node) -> set[str]:
        """The dotted names that the expression may be (not instances)."""
        return {meaning.symbol for meaning in self.of(node) if meaning.symbol and not meaning.instance}

    def unknown(self) -> Meaning:
        return Meaning(None, self._everything)

    def is_standard(self, symbol: str) -> bool:
        """Whether a dotted name may be one of the standard library: a builtin, or a name of one of its modules."""
        return "." not in symbol or self._foreign.is_standard(symbol)

    def named(self, dotted: str, at: Node) -> tuple[Meaning, ...]:
        """What a dotted name means at a place where it stands in a string."""
        first, *rest = dotted.split(".")
        found = list(self._bindings_of(first.encode(), at))
        for word in rest:
            found = [each for meaning in found for each in self._member(meaning, word)]
        return tuple(found)

    def _expression(self, node: Node) -> Iterator[Meaning]:
        if node.type == "identifier":
            yield from self._identifier(node)
        elif node.type == "attribute":
            yield from self._attribute(node)
        elif node.type == "call":
            yield from self._call(node)
        elif node.type == "parenthesized_expression" and node.named_child_count == 1:
            yield from self.of(node.named_children[0])
        elif node.type == "named_expression" and (value := node.child_by_field_name("value")) is not None:
            yield from self.of(value)
        elif node.type == "conditional_expression" and node.named_child_count == 3:
            for branch in (node.named_children[0], node.named_children[2]):
                on = self._reach(branch)
                yield from (replace(meaning, on=meaning.on & on) for meaning in self.of(branch))
        elif node.type == "binary_operator":
            yield from self._infer.operation(node)
        elif literal := _LITERALS.get(node.type):
            yield Meaning(_literal_class(self._tree, node, literal), self._everything, instance=True)
        else:
            yield self.unknown()

    def _identifier(self, node: Node) -> Iterator[Meaning]:
        found = tuple(self._bindings_of(self._tree.text(node), node))
        if self._narrows and not all(meaning.confidence == "certain" and meaning.symbol for meaning in found):
            found = tuple(self._infer.narrowed(node)) or found
        yield from found

    def _bindings_of(self, name: bytes, node: Node) -> Iterator[Meaning]:
        seen = self._scopes.lookup(name, node)
        if seen.scope is None:
            yield Meaning(name.decode("utf-8", "replace"), self._everything)
        for binding in seen.bindings:
            on = self._reach(binding.node)
            for meaning in self.bound(binding):
                yield replace(meaning, on=meaning.on & on)

    def bound(self, binding: Binding) -> Iterator[Meaning]:
        """What a binding gives its name."""
        if binding.kind in ("import", "from"):
            yield from self._imported(binding)
        elif binding.kind == "assign" and (annotation := binding.owner.child_by_field_name("type")) is not None:
            yield from self._declared(binding, annotation)
        elif binding.kind in ("assign", "walrus") and binding.value is not None:
            yield from self.of(binding.value)
        elif binding.kind in ("class", "function"):
            yield Meaning(None, self._everything, own=binding.owner)
        elif binding.kind == "with" and binding.value is not None:
            yield from self.of(binding.value)
        elif binding.kind == "for" and binding.value is not None:
            yield from self._infer.element(binding.value)
        elif binding.kind == "parameter" and binding.value is not None:
            yield from self._infer.parameter(binding)
        else:
            yield self.unknown()

    def _imported(self, binding: Binding) -> Iterator[Meaning]:
        symbol = imported_symbol(self._tree, binding)
        if symbol is None:
            yield self.unknown()
        else:
            fact = self._stdlib.fact(symbol)
            confidence: Confidence = "possible" if is_fallback(binding.node, self._foreign.is_standard) else "certain"
            yield from self._linked(Meaning(symbol, fact.works if fact else self._everything, confidence=confidence))

    def _linked(self, meaning: Meaning) -> Iterator[Meaning]:
        """What the project's own module says of a dotted name; the name itself where none does."""
        export = self._foreign.get(meaning.symbol or "?")
        if export is None or export.tells:
            yield meaning
        elif export.own or not export.senses:
            yield Meaning(None, meaning.on)
        for sense in export.senses if export is not None else ():
            yield Meaning(sense.symbol, meaning.on & sense.on, sense.instance, meaning.confidence)

    def _declared(self, binding: Binding, annotation: Node) -> Iterator[Meaning]:
        """A variable with an annotation: its value says more than its annotation, where it is known."""
        found = self.of(binding.value) if binding.value is not None else ()
        if found and all(meaning.symbol for meaning in found):
            yield from found
        else:
            yield from self._infer.annotated(annotation)

    def _attribute(self, node: Node) -> Iterator[Meaning]:
        receiver, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if receiver is None or name is None:
            yield self.unknown()
            return
        put = tuple(self._infer.narrowed(node)) if self._narrows else ()
        put = put or tuple(self._infer.self_attribute(node))
        if put:
            yield from put
            return
        word = self._tree.text(name).decode("utf-8", "replace")
        for meaning in self.of(receiver):
            yield from self._member(meaning, word)

    def _member(self, meaning: Meaning, word: str) -> Iterator[Meaning]:
        if meaning.symbol is None:
            yield self.unknown()
        elif meaning.instance or meaning.inherited:
            if meaning.inherited and self.defines(word):
                yield self.unknown()
                return
            fact = self.member_fact(meaning, word)
            symbol = fact.symbol if fact else f"{meaning.symbol.removeprefix('builtins.')}.{word}"
            yield replace(meaning, symbol=symbol, instance=False, inherited=False)
        else:
            yield from self._linked(replace(meaning, symbol=joined(meaning.symbol, word)))

    def defines(self, word: str) -> bool:
        """Whether a class of this file may have the member itself."""
        if word not in self._defined:
            self._defined[word] = any(map(self._is_definition, offsets(self._tree.code, name := word.encode()),
                                          repeat(len(name))))  # fmt: skip
        return self._defined[word]

    def _is_definition(self, at: int, length: int) -> bool:
        code = self._tree.code
        before = code[code.rfind(b"\n", 0, at) + 1 : at].split()
        if before:
            return before[-1] in (b"def", b"class")
        return code[at + length : at + length + 4].lstrip()[:1] in (b":", b"=")

    def member_fact(self, meaning: Meaning, word: str) -> Fact | None:
        """What is known of a member: of the class itself, or of those that it inherits from."""
        return self.inherited_fact((meaning.symbol or "").removeprefix("builtins."), word)

    def inherited_fact(self, cls_symbol: str, word: str) -> Fact | None:
        """What is known of a member, or of a method's parameter (`exists(follow_symlinks)`), of a class or its bases."""
        waiting, most = [cls_symbol], _MOST_BASES
        while waiting and most:
            most -= 1
            symbol = waiting.pop(0)
            if fact := self._stdlib.fact(f"{symbol}.{word}"):
                return fact
            cls = self._stdlib.fact(symbol)
            waiting += cls.bases if cls is not None else ()
        return None

    def _call(self, node: Node) -> Iterator[Meaning]:
        function = node.child_by_field_name("function")
        for meaning in self.of(function) if function is not None else ():
            if meaning.own is not None:
                yield from self._infer.made(meaning.own)
                continue
            returned = self._returned(meaning)
            yield replace(meaning, symbol=returned, instance=True) if returned else self.unknown()

    def _returned(self, meaning: Meaning) -> str | None:
        """The class of what a call gives."""
        if meaning.symbol is None or meaning.instance:
            return None
        fact = self._stdlib.fact(meaning.symbol)
        if fact and fact.returns:
            return fact.returns
        if fact and fact.kind == "class":
            return meaning.symbol
        last = meaning.symbol.rpartition(".")[2]
        return meaning.symbol if last[:1].isupper() or meaning.symbol in _CLASSES else None


_CLASSES = frozenset(
    {"str", "bytes", "bytearray", "int", "float", "complex", "list", "tuple", "dict", "set", "frozenset", "memoryview"}
)
_IMPORTS = ("import_statement", "import_from_statement")
_LITERALS = {
    "string": "str", "concatenated_string": "str", "integer": "int", "float": "float", "list": "list",
    "list_comprehension": "list", "dictionary": "dict", "dictionary_comprehension": "dict", "set": "set",
    "set_comprehension": "set", "tuple": "tuple", "none": "NoneType",
}  # fmt: skip


def _literal_class(tree: Tree, node: Node, literal: str) -> str:
    if literal == "str":
        prefix = tree.text(node)[:3].split(b"'")[0].split(b'"')[0].lower()
        return "bytes" if b"b" in prefix else "str"
    return literal


def imported_symbol(tree: Tree, binding: Binding) -> str | None:
    """The dotted name that an import binds; that of a relative import starts with its dots."""
    if binding.value is None:
        return None
    name = _dotted(tree, binding.value)
    if binding.kind == "import":
        aliased = binding.node.parent is not None and binding.node.parent.type == "aliased_import"
        return name if aliased else name.partition(".")[0]
    module = binding.owner.child_by_field_name("module_name")
    return joined(_dotted(tree, module), name) if module is not None else None


def is_fallback(node: Node, is_standard: Callable[[str], bool]) -> bool:
    """Whether a place only counts where a package of somebody else's is missing: in the handler of its import."""
    for parent in ancestors(node):
        if parent.type in ("function_definition", "class_definition"):
            return False
        if parent.type == "except_clause" and parent.parent is not None:
            body = parent.parent.child_by_field_name("body")
            tried = [child for child in body.named_children if child.type in _IMPORTS] if body is not None else []
            if tried and not any(is_standard(_head(child)) for child in tried):
                return True
    return False


def _head(statement: Node) -> str:
    """The first word of what an import statement imports, with the dots of a relative one."""
    module = statement.child_by_field_name("module_name") or statement.child_by_field_name("name")
    if module is not None and module.type == "aliased_import":
        module = module.child_by_field_name("name")
    text = module.text if module is not None else None
    return text.decode("utf-8", "replace") if text else "."


def joined(module: str, name: str) -> str:
    """`a.b`, `.a.b`, `..b`: a name of a module, whose own name may be dots only."""
    return f"{module}{name}" if module.endswith(".") else f"{module}.{name}"


def _dotted(tree: Tree, node: Node) -> str:
    return b"".join(tree.text(node).split()).decode("utf-8", "replace")
