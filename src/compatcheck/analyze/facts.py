"""What a text says to the checks beside its own: imports, what it asks of its environment, requirements it carries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.environment import asked_of_environment
from compatcheck.analyze.library import Library
from compatcheck.analyze.names.meanings import joined
from compatcheck.analyze.places import Places
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.analyze.words import offsets
from compatcheck.model.problems import CodeFact
from compatcheck.model.runtimes import RuntimeSet

_SCRIPT = re.compile(rb"(?m)^# /// script$")
_STATEMENTS = ("import_statement", "import_from_statement")


def script_of(code: bytes, reach: RuntimeSet) -> tuple[CodeFact, ...]:
    """Whether a text carries requirements of its own (PEP 723): cheap, so told to everyone."""
    if b"# /// script" not in code:
        return ()
    places = Places(code)
    return tuple(CodeFact("script", "script", places.span(*match.span()), reach) for match in _SCRIPT.finditer(code))


def facts_of(tree: Tree, library: Library) -> tuple[CodeFact, ...]:
    """The facts of one text, by place."""
    places = Places(tree.code)
    found = [
        *_imports(tree, library, places),
        *asked_of_environment(tree, library, places),
    ]
    return tuple(sorted(found, key=lambda fact: (fact.span.line, fact.span.column, fact.kind)))


def _imports(tree: Tree, library: Library, places: Places) -> Iterator[CodeFact]:
    for at in offsets(tree.code, b"import"):
        statement = next((node for node in ancestors(tree.node_at(at)) if node.type in _STATEMENTS), None)
        if statement is None or at != _keyword(statement):
            continue
        reach = library.reached(statement)
        guarded = not library.escaping(statement, "ModuleNotFoundError")
        for node, name in _names(tree, statement):
            kind = "relative" if name.startswith(".") else "import"
            yield CodeFact(kind, name, places.span(node.start_byte, node.end_byte), reach, guarded)


def _keyword(statement: Node) -> int:
    return next(child.start_byte for child in statement.children if child.type == "import")


def _names(tree: Tree, statement: Node) -> Iterator[tuple[Node, str]]:
    module = statement.child_by_field_name("module_name")
    prefix = joined(_text(tree, module), "") if module is not None else ""
    for node in statement.children_by_field_name("name"):
        dotted = node.child_by_field_name("name") if node.type == "aliased_import" else node
        if dotted is not None:
            yield module or dotted, prefix + _text(tree, dotted)
    if module is not None and any(child.type == "wildcard_import" for child in statement.children):
        yield module, prefix.rstrip(".") or prefix


def _text(tree: Tree, node: Node) -> str:
    return b"".join(tree.text(node).split()).decode("utf-8", "replace")
