"""Parameters of functions, and type parameters: names twice, defaults in the wrong order, reserved names."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import plain
from compatcheck.analyze.syntax.place import Hit, Place, hit

_DEFINITIONS = ("function_definition", "lambda")
_STARRED = ("list_splat_pattern", "dictionary_splat_pattern", "tuple_pattern")
_OPENERS, _CLOSERS = (b"(", b"[", b"{"), (b")", b"]", b"}")


def duplicate_parameter(place: Place) -> Iterator[Hit]:
    """The place is the word `def` or `lambda`."""
    definition = place.node.parent
    if definition is None or definition.type not in _DEFINITIONS or place.node.type not in ("def", "lambda"):
        return
    parameters = definition.child_by_field_name("parameters")
    seen: set[str] = set()
    for child in parameters.named_children if parameters is not None else ():
        for name in _names(child):
            text = plain(place.text(name))
            if text in seen:
                yield hit("parameter", name, name=text)
            seen.add(text)


def _names(parameter: Node) -> Iterator[Node]:
    """The names that a parameter binds."""
    if parameter.type == "identifier":
        yield parameter
    elif parameter.type in _STARRED:
        for child in parameter.named_children:
            yield from _names(child)
    elif parameter.type in ("default_parameter", "typed_default_parameter", "typed_parameter"):
        if parameter.named_child_count:
            yield from _names(parameter.named_children[0])


def type_parameters(place: Place) -> Iterator[Hit]:
    """The place is the bracket that opens a list of type parameters."""
    parameters = place.node.parent
    if (
        place.node.type != "["
        or parameters is None
        or parameters.type != "type_parameter"
        or not _is_declaration(parameters)
    ):
        return
    seen: set[str] = set()
    default = False
    for name, has_default in _type_names(parameters, place):
        text = plain(place.text(name))
        if text in seen:
            yield hit("duplicate", name, name=text)
        if default and not has_default:
            yield hit("default-order", name, name=text)
        if text == "__classdict__":
            yield hit("reserved", name, name=text)
        seen.add(text)
        default |= has_default


def _is_declaration(parameters: Node) -> bool:
    """`class A[T]`, `def f[T]`, `type X[T]`; not `list[T]` in an annotation, which tree-sitter reads alike."""
    owner = parameters.parent
    if owner is None or owner.type in ("function_definition", "class_definition"):
        return owner is not None
    alias = owner.parent.parent if owner.parent is not None else None
    return (
        alias is not None and alias.type == "type_alias_statement" and alias.child_by_field_name("left") == owner.parent
    )


def _type_names(parameters: Node, place: Place) -> Iterator[tuple[Node, bool]]:
    """Each type parameter's name and whether it has a default. tree-sitter knows no defaults: they leave an ERROR."""
    name: Node | None = None
    default = False
    expected = True
    depth = lambdas = 0
    for leaf in _leaves(parameters.parent or parameters, place.node.end_byte, parameters.end_byte):
        text = place.text(leaf)
        depth += (text in _OPENERS) - (text in _CLOSERS)
        if depth < 0:
            break
        if depth:
            continue
        lambdas += (text == b"lambda") - (text == b":" and lambdas > 0)
        if text == b"," and not lambdas:
            if name is not None:
                yield name, default
            name, default, expected = None, False, True
        elif text == b"=" and not lambdas:
            default = True
        elif expected and leaf.type == "identifier":
            name, expected = leaf, False
    if name is not None:
        yield name, default


def _leaves(node: Node, start: int, end: int) -> Iterator[Node]:
    """The tokens of a node between two places; a string is one."""
    if node.end_byte <= start or node.start_byte >= end:
        return
    if not node.child_count or node.type == "string":
        yield node
        return
    for child in node.children:
        yield from _leaves(child, start, end)
