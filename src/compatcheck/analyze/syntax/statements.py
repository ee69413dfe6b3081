"""Simple statements and keywords that came after 3.0: `yield from`, `raise … from`, `async`, `lazy import`."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.scans.lines import simple_statement
from compatcheck.analyze.scans.tokens import next_token
from compatcheck.analyze.syntax.frames import COMPREHENSIONS, frames
from compatcheck.analyze.syntax.place import Hit, Place, hit, is_code
from compatcheck.analyze.syntax.surroundings import is_word, surroundings
from compatcheck.analyze.tree import ancestors, enclosing

_NOT_LAZY = {
    "function_definition": "a function",
    "class_definition": "a class",
    "try_statement": "`try`",
}


def nonlocal_statement(place: Place) -> Iterator[Hit]:
    """`nonlocal x`"""
    statement = place.node.parent
    if place.node.type == "nonlocal" and statement is not None and statement.type == "nonlocal_statement":
        yield hit("statement", statement)


def raise_from(place: Place) -> Iterator[Hit]:
    """`raise … from …`"""
    statement = enclosing(place.node, "raise_statement")
    cause = statement.child_by_field_name("cause") if statement is not None else None
    if statement is None or cause is None:
        return
    if place.node.type == "raise":
        yield hit("cause", statement)
    elif place.node.type == "from" and cause.type == "none":
        yield hit("none", statement)


def yield_from(place: Place) -> Iterator[Hit]:
    """`yield from …`"""
    expression = place.node.parent
    if place.node.type != "yield" or expression is None or expression.type != "yield":
        return
    if any(child.type == "from" for child in expression.children):
        yield hit("expression", expression)


def returned_value(place: Place) -> Iterator[Hit]:
    """`return x` in a generator; the place is a `yield`."""
    if place.node.type != "yield" or (frame := next(frames(place.node))).kind != "function":
        return
    for statement in _returns(frame.node):
        yield hit("value", statement)


def debugger_name(place: Place) -> Iterator[Hit]:
    """`debugger` as any name; alone in its line it is the statement that it is for Skulpt."""
    node = place.node
    alone = node.parent is not None and node.parent.type == "expression_statement" and node.parent.child_count == 1
    if node.type == "identifier" and place.text(node) == b"debugger" and not alone:
        yield hit("name", node)


def variable_arguments(place: Place) -> Iterator[Hit]:
    """`*args` and `**kwargs` of a generator; the place is a `yield`."""
    if place.node.type != "yield" or (frame := next(frames(place.node))).kind not in ("function", "lambda"):
        return
    parameters = frame.node.child_by_field_name("parameters")
    for parameter in parameters.named_children if parameters is not None else ():
        pattern = parameter.named_children[0] if parameter.type == "typed_parameter" else parameter
        if variant := _VARIABLE.get(pattern.type):
            yield hit(variant, parameter)


_VARIABLE = {"list_splat_pattern": "positional", "dictionary_splat_pattern": "keywords"}


def async_function(place: Place) -> Iterator[Hit]:
    """`async def`"""
    definition = place.node.parent
    if place.node.type == "async" and definition is not None and definition.type == "function_definition":
        name = definition.child_by_field_name("name")
        yield Hit("definition", place.offset, name.end_byte if name is not None else place.node.end_byte)


def async_generator(place: Place) -> Iterator[Hit]:
    """`yield` in an `async def`"""
    expression = place.node.parent
    if place.node.type == "yield" and expression is not None and next(frames(place.node)).kind == "async":
        yield hit("yield", expression)


def async_comprehension(place: Place) -> Iterator[Hit]:
    """`async for` in a comprehension, and `await` in one."""
    clause = place.node.parent
    if place.node.type == "async" and clause is not None and clause.type == "for_in_clause":
        yield hit("loop", clause)
    elif place.node.type == "await" and next(frames(place.node)).kind in ("comprehension", "generator"):
        yield hit("await", clause if clause is not None else place.node)


def lazy_import(place: Place) -> Iterator[Hit]:
    """`lazy import`, which the tree does not know: it reads `lazy` as an error, and an import."""
    if not is_code(place) or any(level.tokens for level in surroundings(place)):
        return
    line = simple_statement(place.code, place.offset)
    texts, end = line.words, line.end
    if texts[:1] != [b"lazy"] or texts[1:2] not in ([b"import"], [b"from"]):
        return
    around = next((parent for parent in ancestors(place.node) if parent.type in _NOT_LAZY), None)
    if around is not None:
        yield Hit("misplaced", place.offset, end, {"where": _NOT_LAZY[around.type]})
    elif texts[1] == b"from" and (b"*" in texts or texts[2:3] == [b"__future__"]):
        yield Hit("refused", place.offset, end, {"what": "*" if b"*" in texts else "__future__"})
    else:
        yield Hit("statement", place.offset, end)


def bare_yield(place: Place) -> Iterator[Hit]:
    """`yield` with a comma behind it."""
    word = is_code(place) and is_word(place, b"yield")
    if word and next_token(place.code, place.offset + len(b"yield"), skip_lines=True)[0] == b",":
        yield Hit("comma", place.offset, place.offset + len(b"yield"))


def _returns(function: Node) -> list[Node]:
    """The `return` statements with a value of the function itself."""
    found: list[Node] = []
    waiting = [function.child_by_field_name("body")]
    while waiting:
        node = waiting.pop()
        if node is None or node.type in ("function_definition", "class_definition", "lambda", *COMPREHENSIONS):
            continue
        if node.type == "return_statement":
            found += [node] if node.named_child_count else []
        elif node.type not in ("expression_statement", "call", "string"):
            waiting += node.named_children
    return sorted(found, key=lambda node: node.start_byte)
