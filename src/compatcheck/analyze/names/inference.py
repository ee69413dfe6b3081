"""Light inference of what an expression is an instance of: annotations, own classes, functions, `self`, isinstance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tree_sitter import Node

from compatcheck.analyze.names.bindings import Binding
from compatcheck.analyze.tree import Tree, ancestors, enclosing
from compatcheck.analyze.words import occurrences
from compatcheck.model.rules import Confidence

if TYPE_CHECKING:
    from compatcheck.analyze.names.meanings import Meaning, Meanings

_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*\Z")
# Generic aliases of typing whose instances are those of a builtin class.
_ALIASES = {"List": "list", "Dict": "dict", "Tuple": "tuple", "Set": "set", "FrozenSet": "frozenset", "Text": "str"}
_INNER = frozenset({"Optional", "Union", "Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})
# Functions that people name after what they find out: `is_float(x)`, `lib.is_integer(x)`.
_PREDICATE = re.compile(rb"(?:\w+\.)*_?is_?[a-z]\w*\Z")
_MOST_ITEMS = 20
_SPLITS = frozenset(b"split rsplit splitlines partition rpartition".split())
_HOLDERS = frozenset(
    b"list set frozenset List Set FrozenSet Sequence Iterable Iterator Collection MutableSequence AbstractSet".split()
)
_MOST_RETURNS = 5
_MOST_OCCURRENCES = 200
_STAYS = frozenset({"str", "bytes", "bytearray", "list", "tuple"})  # `+`, `*`, `%` give the same class again
_JOINS = ("+", "*", "%")


class Inference:
    """Infers for one Meanings, which it asks for the parts of what it is asked for."""

    def __init__(self, tree: Tree, meanings: Meanings) -> None:
        self._tree = tree
        self._meanings = meanings
        self._put: dict[tuple[int, bytes], tuple[Meaning, ...]] = {}

    def annotated(self, annotation: Node) -> Iterator[Meaning]:
        """What an annotation makes of its name."""
        waiting, most = [annotation], 20
        while waiting and most:
            most -= 1
            node = waiting.pop()
            if node.type in ("type", "parenthesized_expression", "union_type"):
                waiting += node.named_children
            elif node.type == "binary_operator":
                waiting += [child for child in node.named_children if child.type != "comment"]
            elif node.type in ("generic_type", "subscript"):
                yield from self._generic(node, waiting)
            elif node.type == "string":
                yield from self._quoted(node)
            elif node.type in ("identifier", "attribute"):
                yield from self._instances(self._meanings.of(node))
            elif node.type != "none":
                yield self._meanings.unknown()

    def _generic(self, node: Node, waiting: list[Node]) -> Iterator[Meaning]:
        value = node.child_by_field_name("value") or node.named_children[0]
        last = self._tree.text(value).rpartition(b".")[2].decode("utf-8", "replace")
        if last not in _INNER:
            yield from self._instances(self._meanings.of(value))
            return
        inner = [child for child in node.named_children if child.id != value.id]
        if len(inner) == 1 and inner[0].type == "type_parameter":
            inner = inner[0].named_children
        waiting += inner[:1] if last == "Annotated" else inner

    def _quoted(self, node: Node) -> Iterator[Meaning]:
        content = b"".join(self._tree.text(child) for child in node.named_children if child.type == "string_content")
        parts = [part.strip() for part in content.decode("utf-8", "replace").split("|")]
        for part in parts:
            if part == "None":
                continue
            if not _DOTTED.match(part):
                yield self._meanings.unknown()
            else:
                yield from self._instances(self._meanings.named(part, node))

    def _instances(self, classes: tuple[Meaning, ...]) -> Iterator[Meaning]:
        for meaning in classes:
            if meaning.own is not None and meaning.own.type == "class_definition":
                yield from self.made(meaning.own)
            elif meaning.symbol is None or meaning.instance:
                yield self._meanings.unknown()
            else:
                head, _, last = meaning.symbol.removeprefix("builtins.").rpartition(".")
                symbol = _ALIASES.get(last, "") if head == "typing" else ""
                yield replace(meaning, symbol=symbol or meaning.symbol, instance=True, confidence=_at_most(meaning))

    def made(self, definition: Node) -> Iterator[Meaning]:
        """What a call of an own class or function gives."""
        if definition.type == "class_definition":
            yield from self._of_class(definition, instance=True)
            return
        annotation = definition.child_by_field_name("return_type")
        text = self._tree.text(definition)
        if b"yield" in text or any(child.type == "async" for child in definition.children) or _decorated(definition):
            yield self._meanings.unknown()
        elif annotation is not None:
            yield from self.annotated(annotation)
        else:
            yield from self._returned(definition)

    def _returned(self, function: Node) -> Iterator[Meaning]:
        found: list[Node] = []
        waiting = [function.child_by_field_name("body")]
        while waiting and len(found) <= _MOST_RETURNS:
            node = waiting.pop()
            if node is None or node.type in ("function_definition", "class_definition", "lambda", "call"):
                continue
            if node.type == "return_statement":
                found.append(node)
            else:
                waiting += node.named_children
        for statement in found if len(found) <= _MOST_RETURNS else ():
            for meaning in self._meanings.of(statement.named_children[0]) if statement.named_child_count else ():
                yield replace(meaning, confidence=_at_most(meaning))
        if not found:
            yield self._meanings.unknown()

    def _of_class(self, definition: Node, *, instance: bool) -> Iterator[Meaning]:
        """Every base that the standard library gives a class of this file; a guess when another base is unknown."""
        bases = definition.child_by_field_name("superclasses")
        found: list[Meaning] = []
        for base in bases.named_children if bases is not None else ():
            if base.type in ("identifier", "attribute", "subscript"):
                value = base.child_by_field_name("value") if base.type == "subscript" else base
                found += self._meanings.of(value) if value is not None else ()
        known = [meaning for meaning in found if meaning.symbol or meaning.own is not None]
        sure = len(known) == len(found) and all(self._meanings.is_standard(m.symbol) for m in known if m.symbol)
        for meaning in known:
            if meaning.own is not None and meaning.own.type == "class_definition":
                for above in self._of_class(meaning.own, instance=instance) if meaning.own != definition else ():
                    yield replace(above, inherited=True)
            elif meaning.symbol and not meaning.instance:
                confidence: Confidence = _at_most(meaning) if sure else "possible"
                yield replace(meaning, instance=instance, confidence=confidence, inherited=True)

    def element(self, iterable: Node) -> Iterator[Meaning]:
        """What the rounds of a loop over an expression get: items of a display, parts of a text, or annotated ones."""
        if iterable.type in ("list", "tuple", "set"):
            items = [node for node in iterable.named_children if node.type != "comment"]
            if 0 < len(items) <= _MOST_ITEMS:
                yield from dict.fromkeys(meaning for item in items for meaning in self._meanings.of(item))
                return
        if iterable.type == "call":
            function = iterable.child_by_field_name("function")
            name = function.child_by_field_name("attribute") if function is not None else None
            receiver = function.child_by_field_name("object") if function is not None else None
            if name is not None and receiver is not None and self._tree.text(name) in _SPLITS:
                yield from self._texts(receiver)
                return
        if iterable.type == "identifier" and (inner := self._inner(iterable)) is not None:
            yield from self.annotated(inner)
            return
        yield from self._texts(iterable)

    def _texts(self, node: Node) -> Iterator[Meaning]:
        """A text's parts are texts; nothing is known of anything else's."""
        for meaning in self._meanings.of(node):
            yield meaning if meaning.instance and meaning.symbol == "str" else self._meanings.unknown()

    def _inner(self, name: Node) -> Node | None:
        """`T` of a name annotated as `list[T]` and the like."""
        bindings = self._meanings.bindings(name)
        if len(bindings) != 1 or bindings[0].kind not in ("parameter", "assign"):
            return None
        holder = bindings[0].value if bindings[0].kind == "parameter" else bindings[0].owner
        annotation = holder.child_by_field_name("type") if holder is not None else None
        generic = annotation.named_children[0] if annotation is not None and annotation.named_child_count else None
        if generic is None or generic.type not in ("generic_type", "subscript"):
            return None
        value = generic.child_by_field_name("value") or generic.named_children[0]
        inner = [child for child in generic.named_children if child.id != value.id]
        if len(inner) == 1 and inner[0].type == "type_parameter":
            inner = inner[0].named_children
        last = self._tree.text(value).rpartition(b".")[2]
        return inner[0] if len(inner) == 1 and last in _HOLDERS else None

    def parameter(self, binding: Binding) -> Iterator[Meaning]:
        """What a parameter's annotation, or its place as `self`, says."""
        annotation = binding.value.child_by_field_name("type") if binding.value is not None else None
        if annotation is not None and binding.value is not None and "splat" not in binding.value.named_children[0].type:
            yield from self.annotated(annotation)
            return
        cls, decorators = self._method(binding)
        if cls is None or b"staticmethod" in decorators:
            yield self._meanings.unknown()
        else:
            yield from self._of_class(cls, instance=b"classmethod" not in decorators)

    def _method(self, binding: Binding) -> tuple[Node | None, bytes]:
        """The class whose method has the binding as its first parameter, and the method's decorators."""
        parameters = binding.owner.child_by_field_name("parameters")
        if binding.owner.type != "function_definition" or parameters is None:
            return None, b""
        first = next((child for child in parameters.named_children if child.type != "comment"), None)
        if first is None or first != binding.value:
            return None, b""
        outer = binding.owner.parent
        decorators = b""
        if outer is not None and outer.type == "decorated_definition":
            decorators = b" ".join(self._tree.text(each) for each in outer.named_children if each.type == "decorator")
            outer = outer.parent
        cls = outer.parent if outer is not None and outer.type == "block" else None
        return (cls if cls is not None and cls.type == "class_definition" else None), decorators

    def self_attribute(self, node: Node) -> Iterator[Meaning]:
        """What the methods of a class put into `self.x`."""
        receiver, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
        if receiver is None or receiver.type != "identifier" or self._tree.text(receiver) != b"self":
            return
        cls = enclosing(node, "class_definition")
        if name is not None and cls is not None:
            key = cls.id, self._tree.text(name)
            if key not in self._put:
                self._put[key] = ()  # what refers to itself says nothing
                self._put[key] = tuple(dict.fromkeys(self._put_into(cls, name)))
            yield from self._put[key]

    def _put_into(self, cls: Node, name: Node) -> Iterator[Meaning]:
        for at, other in enumerate(occurrences(self._tree, self._tree.text(name))):
            if at > _MOST_OCCURRENCES:
                yield self._meanings.unknown()
                return
            if not cls.start_byte <= other.start_byte < cls.end_byte or other.parent is None:
                continue
            yield from self._set(other.parent)

    def _set(self, target: Node) -> Iterator[Meaning]:
        """What an assignment to `self.x`, or a field of the class, says."""
        owner = target.child_by_field_name("object") if target.type == "attribute" else None
        statement = target.parent if owner is not None else target
        if statement is None or statement.type != "assignment":
            return
        left = statement.child_by_field_name("left")
        if owner is not None and (left != target or self._tree.text(owner) != b"self"):
            return
        value, annotation = statement.child_by_field_name("right"), statement.child_by_field_name("type")
        if annotation is not None:
            yield from self.annotated(annotation)
        elif value is not None and value.type != "none":
            for meaning in self._meanings.of(value):
                yield replace(meaning, confidence=_at_most(meaning))

    def narrowed(self, node: Node) -> Iterator[Meaning]:
        """What `isinstance(name, …)` around a name, or an attribute of one, says of it."""
        name, child = self._tree.text(node), node
        for parent in ancestors(node):
            if parent.type in ("function_definition", "lambda", "class_definition"):
                return
            test = None
            if parent.type in ("if_statement", "elif_clause", "while_statement"):
                body = parent.child_by_field_name("consequence") or parent.child_by_field_name("body")
                test = parent.child_by_field_name("condition") if child == body else None
            elif parent.type == "boolean_operator" and child == parent.child_by_field_name("right"):
                sign = parent.child_by_field_name("operator")
                test = parent.child_by_field_name("left") if sign is not None and sign.type == "and" else None
            elif parent.type == "conditional_expression" and child == parent.named_children[0]:
                test = parent.named_children[1]
            if test is not None and (cls := self._tested(test, name)) is not None:
                if cls.type == "call":
                    yield self._meanings.unknown()
                else:
                    yield from self._instances(self._meanings.of(cls))
                return
            child = parent

    def _tested(self, test: Node, name: bytes) -> Node | None:
        """The class in `isinstance(name, cls)`, alone or joined by `and`; the call, where it asks something else about
        the name: `is_float(name)`.
        """
        waiting = [test]
        while waiting:
            node = waiting.pop()
            sign = node.child_by_field_name("operator")
            joins = node.type == "boolean_operator" and sign is not None and sign.type == "and"
            if joins or node.type == "parenthesized_expression":
                waiting += node.named_children
            elif node.type == "call":
                function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
                given = arguments.named_children if arguments is not None else []
                about = function is not None and bool(given) and self._tree.text(given[0]) == name
                asked = self._tree.text(function) if function is not None and about else b""
                if asked == b"isinstance" and len(given) == 2 and given[1].type in ("identifier", "attribute"):
                    return given[1]
                if _PREDICATE.match(asked) and asked != b"isinstance":
                    return node
        return None

    def operation(self, node: Node) -> Iterator[Meaning]:
        """What an operator gives: `Path / …`, `str + …`, `dict | …`."""
        left, sign = node.child_by_field_name("left"), node.child_by_field_name("operator")
        if left is None or sign is None:
            return
        for meaning in self._meanings.of(left):
            symbol = (meaning.symbol or "").removeprefix("builtins.") if meaning.instance else ""
            paths = sign.type == "/" and symbol.startswith("pathlib.")
            if paths or (symbol in _STAYS and sign.type in _JOINS) or (symbol in ("dict", "set") and sign.type == "|"):
                yield meaning
            else:
                yield self._meanings.unknown()


def _at_most(meaning: Meaning) -> Confidence:
    return "likely" if meaning.confidence == "certain" else meaning.confidence


def _decorated(definition: Node) -> bool:
    return definition.parent is not None and definition.parent.type == "decorated_definition"
