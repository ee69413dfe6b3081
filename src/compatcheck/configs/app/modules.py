"""What an app's modules define: classes, their attributes, functions that are tasks, tables that they read.

With tree-sitter, because client code is a language of its own: what it cannot read, it skips.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import tree_sitter_python
from tree_sitter import Language, Node, Parser

from compatcheck.model.problems import Span

_LANGUAGE = Language(tree_sitter_python.language())


@dataclass(frozen=True)
class Class:
    """`bases` are the last words of its bases; `names` its methods, attributes, and what its methods set on self."""

    name: str
    bases: tuple[str, ...]
    names: frozenset[str]


@dataclass(frozen=True)
class Function:
    """`decorators` are last words; `given` the text that a decorator got."""

    name: str
    decorators: tuple[str, ...]
    given: tuple[str, ...]


@dataclass
class Module:
    """`bound` are all names that the module's own level binds, also by import; `broken` where it does not parse."""

    broken: bool = False
    classes: dict[str, Class] = field(default_factory=dict)
    functions: list[Function] = field(default_factory=list)
    bound: set[str] = field(default_factory=set)
    tables: list[tuple[str, Span]] = field(default_factory=list)
    handled: list[tuple[str, Span]] = field(default_factory=list)
    star: bool = False


@cache
def _parser() -> Parser:
    return Parser(_LANGUAGE)


def read_module(text: str) -> Module:
    code = text.encode("utf-8", "replace")
    root, lines = _parser().parse(code).root_node, code.split(b"\n")
    module = Module(broken=root.has_error)
    for node in _walk(root):
        if node.type == "class_definition":
            made = _class(node)
            module.classes[made.name] = made
            module.bound.add(made.name)
        elif node.type == "function_definition":
            module.functions.append(_function(node))
            module.handled += _handled(node, lines)
        elif node.type in ("import_statement", "import_from_statement"):
            _import(node, module)
        elif node.type == "assignment" and (left := node.child_by_field_name("left")) is not None:
            module.bound |= {_text(each) for each in _walk(left) if each.type == "identifier"}
        elif node.type == "attribute":
            module.tables += _table(node, lines)
    return module


def is_expression(code: str) -> bool:
    """Whether the text is one expression."""
    root = _parser().parse(f"({code}\n)".encode("utf-8", "replace")).root_node
    statements = [child for child in root.named_children if child.type != "comment"]
    if root.has_error or len(statements) != 1 or statements[0].type != "expression_statement":
        return False
    inner = statements[0].named_children
    whole = len(inner) == 1 and inner[0].type in ("parenthesized_expression", "tuple", "generator_expression")
    return whole and inner[0].named_child_count > 0


def is_target(code: str) -> bool:
    """Whether the text is an expression that something can be assigned to."""
    root = _parser().parse(f"{code.strip()} = x".encode("utf-8", "replace")).root_node
    if root.has_error or root.named_child_count != 1:
        return False
    assignment = next(iter(root.named_children[0].named_children), None)
    left = assignment.child_by_field_name("left") if assignment is not None else None
    return left is not None and left.type in ("identifier", "attribute", "subscript")


def _walk(node: Node) -> Iterator[Node]:
    """The nodes of a tree, without recursion."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending.extend(reversed(each.children))


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def _last(node: Node | None) -> str:
    """The last word of a dotted name."""
    return _text(node).rpartition(".")[2].strip()


def _class(node: Node) -> Class:
    bases = node.child_by_field_name("superclasses")
    body = node.child_by_field_name("body")
    names: set[str] = set()
    for each in _walk(body) if body is not None else ():
        if each.type in ("function_definition", "class_definition"):
            names.add(_text(each.child_by_field_name("name")))
        elif each.type in ("assignment", "augmented_assignment"):
            names |= _assigned(each.child_by_field_name("left"))
    told = [child for child in bases.named_children if child.type != "keyword_argument"] if bases is not None else []
    inherited = tuple(_last(child.child_by_field_name("function") if child.type == "call" else child) for child in told)
    return Class(_text(node.child_by_field_name("name")), inherited, frozenset(names))


def _assigned(left: Node | None) -> set[str]:
    if left is None:
        return set()
    attributes = {_text(each.child_by_field_name("attribute")) for each in _walk(left) if each.type == "attribute"}
    return attributes | {_text(each) for each in _walk(left) if each.type == "identifier"}


def _decorators(node: Node) -> list[Node]:
    parent = node.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    return [child.named_children[0] for child in parent.children if child.type == "decorator" and child.named_children]


def _function(node: Node) -> Function:
    names, given = [], []
    for each in _decorators(node):
        call = each.type == "call"
        names.append(_last(each.child_by_field_name("function") if call else each))
        given += [text for text, _ in _strings(each)] if call else []
    return Function(_text(node.child_by_field_name("name")), tuple(names), tuple(given))


def _strings(call: Node) -> Iterator[tuple[str, Node]]:
    """The plain texts among a call's own arguments."""
    arguments = call.child_by_field_name("arguments")
    for child in arguments.named_children if arguments is not None else ():
        if child.type == "string":
            yield "".join(_text(part) for part in child.children if part.type == "string_content"), child


def _handled(node: Node, lines: list[bytes]) -> Iterator[tuple[str, Span]]:
    """The components that `@handle("name", "event")` names."""
    for each in _decorators(node):
        if each.type == "call" and _last(each.child_by_field_name("function")) == "handle":
            for text, place in list(_strings(each))[:1]:
                yield text, _span(place, lines)


def _import(node: Node, module: Module) -> None:
    for each in node.children_by_field_name("name"):
        alias = each.child_by_field_name("alias")
        name = _text(alias) or _text(each.child_by_field_name("name") if each.type == "aliased_import" else each)
        module.bound.add(name.partition(".")[0] if node.type == "import_statement" else name)
    module.star = module.star or any(child.type == "wildcard_import" for child in node.children)


def _table(node: Node, lines: list[bytes]) -> Iterator[tuple[str, Span]]:
    """`app_tables.X`, but no method of app_tables itself."""
    owner, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    called = (
        node.parent is not None and node.parent.type == "call" and node.parent.child_by_field_name("function") == node
    )
    if owner is None or name is None or called:
        return
    if _last(owner) == "app_tables" and owner.type in ("identifier", "attribute"):
        yield _text(name), _span(name, lines)


def _span(node: Node, lines: list[bytes]) -> Span:
    """The node's place in code points; tree-sitter counts bytes."""
    row, column = node.start_point
    start = len(lines[row][:column].decode("utf-8", "replace")) + 1
    return Span(row + 1, start, row + 1, start + max(len(_text(node).split("\n")[0]), 1))
