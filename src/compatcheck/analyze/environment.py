"""What a text asks of its environment: variables through `os`, secrets of a platform's store, fields of settings."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.library import Library
from compatcheck.analyze.places import Places
from compatcheck.analyze.settings_classes import fields_of
from compatcheck.analyze.tree import Tree, ancestors
from compatcheck.analyze.words import occurrences
from compatcheck.model.problems import CodeFact

_MAPPING = "os.environ"
# What is called with a name, and the kind of fact that it makes.
_CALLED = {
    "os.getenv": "environment",
    "os.environ.get": "environment",
    "os.environ.pop": "environment",
    "os.environ.setdefault": "environment",
    "anvil.secrets.get_secret": "secret",
    "anvil.secrets.get_secret_bytes": "secret",
}
_WORDS = (b"environ", b"getenv", b"get_secret", b"get_secret_bytes")
_ALIAS_ROUNDS = 2


def asked_of_environment(tree: Tree, library: Library, places: Places) -> Iterator[CodeFact]:
    """Facts of the kinds environment and secret, each place once."""
    code = tree.code
    if any(word in code for word in _WORDS):
        seen = set()
        for word in _names(tree):
            for node in occurrences(tree, word):
                fact = _fact(tree, library, places, _whole(node))
                if fact is not None and fact.span not in seen:
                    seen.add(fact.span)
                    yield fact
    if b"BaseSettings" in code:
        yield from fields_of(tree, library, places)


def _names(tree: Tree) -> list[bytes]:
    """The words, and the names that imports and assignments give to what they mean."""
    words = list(_WORDS)
    for _ in range(_ALIAS_ROUNDS):
        for word in list(words):
            for node in occurrences(tree, word):
                alias = _alias(_whole(node))
                if alias is not None and (text := tree.text(alias)) not in words:
                    words.append(text)
    return words


def _alias(node: Node) -> Node | None:
    """The name that a node's thing gets: `from os import environ as env`, `env = os.environ`, `get = os.environ.get`."""
    parent = node.parent
    if parent is not None and parent.type == "dotted_name" and parent.parent is not None:
        node, parent = parent, parent.parent
    if parent is not None and parent.type == "aliased_import":
        return parent.child_by_field_name("alias")
    if parent is not None and parent.type == "attribute":
        node, parent = parent, parent.parent
    if parent is not None and parent.type == "assignment" and parent.child_by_field_name("right") == node:
        left = parent.child_by_field_name("left")
        return left if left is not None and left.type == "identifier" else None
    return None


def _whole(node: Node) -> Node:
    """`os.environ` of `environ`."""
    parent = node.parent
    return (
        parent
        if parent is not None and parent.type == "attribute" and parent.child_by_field_name("attribute") == node
        else node
    )


def _fact(tree: Tree, library: Library, places: Places, node: Node) -> CodeFact | None:
    found = _asking(tree, library, node)
    if found is None:
        return None
    kind, argument, around, default = found
    name = _text_of(tree, library, argument)
    if name is None:
        return None
    guarded = default or _otherwise(around) or not library.escaping(around, "KeyError")
    return CodeFact(kind, name, places.span(argument.start_byte, argument.end_byte), library.reached(around), guarded)


def _asking(tree: Tree, library: Library, node: Node) -> tuple[str, Node, Node, bool] | None:
    """The kind of fact, the name's node, the expression that reads it, and whether it brings a default."""
    symbols = library.meanings.symbols(node)
    parent = node.parent
    if parent is not None and parent.type == "attribute" and parent.child_by_field_name("object") == node:
        node, parent = parent, parent.parent
        symbols = library.meanings.symbols(node)
    if parent is None:
        return None
    kind = next((kind for symbol, kind in _CALLED.items() if symbol in symbols), None)
    if kind is not None and parent.type == "call" and parent.child_by_field_name("function") == node:
        return _call(tree, kind, parent)
    if _MAPPING not in symbols:
        return None
    if parent.type == "subscript" and parent.child_by_field_name("value") == node:
        key = parent.child_by_field_name("subscript")
        return ("environment", key, parent, False) if key is not None and not _is_written(parent) else None
    if parent.type == "comparison_operator" and parent.named_child_count == 2 and parent.named_children[1] == node:
        return "environment", parent.named_children[0], parent, True
    return None


def _call(tree: Tree, kind: str, call: Node) -> tuple[str, Node, Node, bool] | None:
    arguments = call.child_by_field_name("arguments")
    given = [child for child in arguments.named_children if child.type != "comment"] if arguments is not None else []
    named = {
        tree.text(child.named_children[0]): child.named_children[-1]
        for child in given
        if child.type == "keyword_argument"
    }
    plain = [child for child in given if child.type != "keyword_argument"]
    name = plain[0] if plain else named.get(b"key")
    if name is None:
        return None
    default = plain[1] if len(plain) > 1 else named.get(b"default")
    return kind, name, call, default is not None and default.type != "none"


def _is_written(subscript: Node) -> bool:
    parent = subscript.parent
    if parent is None:
        return False
    if parent.type == "assignment":
        return parent.child_by_field_name("left") == subscript
    return parent.type in ("delete_statement", "pattern_list")


def _otherwise(node: Node) -> bool:
    """Whether the code goes on without the value: `… or default`, a test."""
    for parent in ancestors(node):
        if parent.type == "boolean_operator" and parent.named_children[0] == node:
            return True
        if parent.type in ("if_statement", "elif_clause", "while_statement"):
            return parent.child_by_field_name("condition") == node
        if parent.type not in ("parenthesized_expression", "not_operator", "call", "attribute", "argument_list"):
            return False
        if parent.type != "argument_list":
            node = parent
    return False


def _text_of(tree: Tree, library: Library, node: Node) -> str | None:
    """The text of a literal, or of a name that one assignment gives a literal."""
    if node.type == "identifier":
        bindings = library.scopes.lookup(tree.text(node), node).bindings
        values = [binding.value for binding in bindings if binding.kind == "assign" and binding.value is not None]
        if len(bindings) != 1 or len(values) != 1:
            return None
        node = values[0]
    return literal_text(tree, node)


def literal_text(tree: Tree, node: Node) -> str | None:
    """The text of a plain string; None for anything else, f-strings included."""
    if node.type != "string" or any(child.type in ("interpolation", "escape_sequence") for child in node.children):
        return None
    if b"b" in tree.text(node)[:2].lower().split(b"'")[0].split(b'"')[0]:
        return None
    return b"".join(tree.text(c) for c in node.named_children if c.type == "string_content").decode("utf-8", "replace")
