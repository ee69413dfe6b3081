"""In which scopes a piece of code is evaluated, innermost first: what the symbol table would say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tree_sitter import Node

from compatcheck.analyze.tree import first_child

Kind = Literal[
    "module",
    "class",
    "function",
    "async",
    "lambda",
    "comprehension",
    "generator",
    "annotation",
    "generic",
    "bound",
    "alias",
]
COMPREHENSIONS = ("list_comprehension", "set_comprehension", "dictionary_comprehension")
_PARAMETERS = ("parameters", "lambda_parameters")


@dataclass(frozen=True, slots=True)
class Frame:
    """A scope and the node that makes it. `annotation`: of a parameter, a result or a variable; `generic`: the scope
    of type parameters; `bound`: inside their list; `alias`: the value of a `type` statement."""

    kind: Kind
    node: Node


def frames(node: Node) -> Iterator[Frame]:
    """The scopes around the evaluation of a node. Defaults, decorators and a comprehension's first iterable count
    where they are evaluated: outside."""
    child, parent = node, node.parent
    annotated = iterable = False
    while parent is not None:
        kind = parent.type
        if kind == "for_in_clause":
            iterable = after_in(parent, child)
        elif kind in COMPREHENSIONS or kind == "generator_expression":
            if not (iterable and child == _first_clause(parent)):
                yield Frame("generator" if kind == "generator_expression" else "comprehension", parent)
            iterable = False
        elif kind in ("typed_parameter", "typed_default_parameter"):
            if child.type == "type":
                annotated = True
                yield Frame("annotation", child)
        elif kind in _SCOPES:
            yield from _SCOPES[kind](parent, child, annotated)
            annotated = False
        child, parent = parent, parent.parent
    yield Frame("module", child)


def scope(node: Node) -> Frame:
    """The innermost scope."""
    return next(frames(node))


def is_async(definition: Node) -> bool:
    """Whether a `def`, `for` or `with` says `async`."""
    first = first_child(definition)
    return first is not None and first.type == "async"


def is_generic(definition: Node) -> bool:
    return definition.child_by_field_name("type_parameters") is not None


def after_in(clause: Node, child: Node) -> bool:
    word = next((part for part in clause.children if part.type == "in"), None)
    return word is not None and child.start_byte >= word.end_byte


def _first_clause(comprehension: Node) -> Node | None:
    return next((child for child in comprehension.children if child.type == "for_in_clause"), None)


def _function(definition: Node, child: Node, annotated: bool) -> Iterator[Frame]:
    if child == definition.child_by_field_name("body") or child.type in ("block", "ERROR"):
        yield Frame("async" if is_async(definition) else "function", definition)
    elif child.type == "type_parameter":
        yield Frame("bound", child)
    elif child.type == "type":
        annotated = True
        yield Frame("annotation", child)
    elif child.type not in _PARAMETERS:
        return
    if is_generic(definition) and (annotated or child.type != "parameters"):
        yield Frame("generic", definition)


def _class(definition: Node, child: Node, annotated: bool) -> Iterator[Frame]:
    if child.type in ("block", "ERROR"):
        yield Frame("class", definition)
    elif child.type == "type_parameter":
        yield Frame("bound", child)
    elif child.type != "argument_list":
        return
    if is_generic(definition):
        yield Frame("generic", definition)


def _lambda(definition: Node, child: Node, annotated: bool) -> Iterator[Frame]:
    if child.type not in _PARAMETERS:
        yield Frame("lambda", definition)


def _assignment(statement: Node, child: Node, annotated: bool) -> Iterator[Frame]:
    if child == statement.child_by_field_name("type"):
        yield Frame("annotation", child)


def _alias(statement: Node, child: Node, annotated: bool) -> Iterator[Frame]:
    left = statement.child_by_field_name("left")
    yield Frame("bound" if child == left else "alias", statement)


_SCOPES = {
    "function_definition": _function,
    "class_definition": _class,
    "lambda": _lambda,
    "assignment": _assignment,
    "type_alias_statement": _alias,
}
