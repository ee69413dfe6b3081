"""Imports that may stand only at certain places: `from __future__`, `import *`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.syntax.bindings import plain
from compatcheck.analyze.syntax.eras import working
from compatcheck.analyze.syntax.frames import scope
from compatcheck.analyze.syntax.place import Hit, Place, hit
from compatcheck.analyze.syntax.unreachable import left_out
from compatcheck.analyze.tree import ancestors

_IMPORTS = ("import_statement", "import_from_statement", "future_import_statement")
_FUTURE_STAR = re.compile(rb"from(?:[ \t\f]|\\\n)+__future__(?:[ \t\f]|\\\n)+import(?:[ \t\f]|\\\n)*\*")
_KNOWN = frozenset(
    [
        "nested_scopes",
        "generators",
        "division",
        "absolute_import",
        "with_statement",
        "print_function",
        "unicode_literals",
    ]
)
_NAMED = {"annotations": "annotations", "generator_stop": "generator-stop", "barry_as_FLUFL": "barry"}


def future_import(place: Place) -> Iterator[Hit]:
    """The place is the word `__future__`."""
    statement = next((node for node in ancestors(place.node) if node.type in _IMPORTS), None)
    if statement is None:
        yield from _future_star(place)
        return
    if not _is_future(statement, place.offset):
        return
    relative = statement.type == "import_from_statement" and _is_relative(statement)
    names = [_first_name(name) for name in statement.children_by_field_name("name")]
    unknown = "relative-unknown" if relative else "unknown"
    if _is_star(statement):
        yield hit(unknown, statement, name="*")
    misplaced = working(lambda minor: _well_placed(statement, minor))
    if misplaced != "3.6-":
        unreachable = left_out(statement)
        if relative:
            if not unreachable:
                yield hit("relative", statement)
        else:
            yield hit(
                {"3.6-3.12": "after-relative"}.get(misplaced, "unreachable" if unreachable else "late"), statement
            )
        return
    for name in names:
        text = plain(place.text(name))
        if text not in _KNOWN:
            yield hit(_NAMED.get(text, unknown), name, name=text)


def _future_star(place: Place) -> Iterator[Hit]:
    """`from __future__ import *`, which tree-sitter cannot read."""
    start = place.code.rfind(b"from", 0, place.offset)
    match = _FUTURE_STAR.match(place.code, start) if start >= 0 and place.node.type != "comment" else None
    if match is not None and place.node.type not in ("string_content", "string_start"):
        yield Hit("unknown", match.start(), match.end(), {"name": "*"})


def _is_future(statement: Node, offset: int) -> bool:
    if statement.type == "future_import_statement":
        return True
    module = statement.child_by_field_name("module_name")
    inside = module is not None and module.start_byte <= offset < module.end_byte
    return inside and (module.text or b"").lstrip(b". \t\f\\\n") == b"__future__" if module is not None else False


def _is_relative(statement: Node) -> bool:
    module = statement.child_by_field_name("module_name")
    return module is not None and module.type == "relative_import"


def _is_star(statement: Node) -> bool:
    return any(child.type in ("wildcard_import", "*") for child in statement.children)


def _first_name(name: Node) -> Node:
    """`a` of `a as b`."""
    return (name.child_by_field_name("name") or name) if name.type == "aliased_import" else name


def _well_placed(statement: Node, minor: int) -> bool:
    """Whether only a docstring and other future imports stand before the statement."""
    module = statement.parent
    if module is None or module.type != "module":
        return False
    first = True
    for other in module.named_children:
        if other == statement:
            return True
        if other.type == "comment":
            continue
        is_future = other.type == "future_import_statement" or (
            minor < 13 and other.type == "import_from_statement" and _is_future(other, _module_end(other))
        )
        if not is_future and not (first and _is_docstring(other)):
            return False
        first = False
    return False


def _module_end(statement: Node) -> int:
    module = statement.child_by_field_name("module_name")
    return module.end_byte - 1 if module is not None else 0


def _is_docstring(statement: Node) -> bool:
    value = (
        statement.named_child(0) if statement.type == "expression_statement" and statement.named_child_count else None
    )
    while value is not None and value.type == "parenthesized_expression" and value.named_child_count == 1:
        value = value.named_child(0)
    if value is None or value.type not in ("string", "concatenated_string"):
        return False
    strings = value.named_children if value.type == "concatenated_string" else [value]
    prefixes = [(string.children[0].text or b"").rstrip(b"\"'").lower() for string in strings if string.child_count]
    return not any(set(prefix) & set(b"bft") for prefix in prefixes)


def star_import(place: Place) -> Iterator[Hit]:
    """`import *` in a function or class."""
    node = place.node if place.node.type == "wildcard_import" else place.node.parent
    if node is not None and node.type == "wildcard_import" and scope(node).kind != "module":
        yield hit("inside", node)
