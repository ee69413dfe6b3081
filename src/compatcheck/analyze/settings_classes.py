"""Fields of pydantic-settings' classes: each is an environment variable."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.library import Library
from compatcheck.analyze.places import Places
from compatcheck.analyze.tree import Tree
from compatcheck.analyze.words import occurrences
from compatcheck.model.problems import CodeFact

_BASES = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings", "pydantic.v1.BaseSettings"})
_NAMED = (b"validation_alias", b"alias", b"env")
_DEEPEST = 8


def fields_of(tree: Tree, library: Library, places: Places) -> Iterator[CodeFact]:
    """A fact for each field of each class of settings."""
    for cls in _classes(tree.root):
        if _is_settings(library, cls, 0):
            prefix = _prefix(tree, cls)
            for field in _fields(cls):
                yield from _fact(tree, library, places, field, prefix)


def _classes(root: Node) -> Iterator[Node]:
    """Classes of the module and inside of them; functions define none that anybody configures."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "class_definition":
            yield node
        if node.type not in ("function_definition", "lambda", "call"):
            waiting += reversed(node.named_children)


def _is_settings(library: Library, cls: Node, depth: int) -> bool:
    bases = cls.child_by_field_name("superclasses")
    for base in bases.named_children if bases is not None and depth < _DEEPEST else ():
        if base.type not in ("identifier", "attribute"):
            continue
        for meaning in library.meanings.of(base):
            if meaning.symbol in _BASES or (meaning.own is not None and _is_settings(library, meaning.own, depth + 1)):
                return True
    return False


def _fields(cls: Node) -> Iterator[Node]:
    body = cls.child_by_field_name("body")
    for statement in body.named_children if body is not None else ():
        inner = statement.named_children[0] if statement.type == "expression_statement" else None
        if inner is not None and inner.type == "assignment" and inner.child_by_field_name("type") is not None:
            yield inner


def _prefix(tree: Tree, cls: Node) -> str:
    """`env_prefix` of `model_config`, or of an inner `Config`."""
    for node in _within(tree, cls, b"env_prefix"):
        parent = node.parent
        if parent is not None and parent.type in ("keyword_argument", "assignment"):
            return _literal(tree, parent.named_children[-1]) or ""
    return ""


def _within(tree: Tree, outer: Node, word: bytes) -> Iterator[Node]:
    """Identifiers of that text inside a node."""
    return (node for node in occurrences(tree, word) if outer.start_byte <= node.start_byte < outer.end_byte)


def _fact(tree: Tree, library: Library, places: Places, field: Node, prefix: str) -> Iterator[CodeFact]:
    target, kind, value = (field.child_by_field_name(name) for name in ("left", "type", "right"))
    if target is None or target.type != "identifier" or kind is None:
        return
    name = tree.text(target).decode("utf-8", "replace")
    if name.startswith("_") or name == "model_config" or b"ClassVar" in tree.text(kind):
        return
    alias, default = _told(tree, value)
    variable = alias or (prefix + name).upper()
    span = places.span(target.start_byte, target.end_byte)
    yield CodeFact("environment", variable, span, library.reached(field), default)


def _told(tree: Tree, value: Node | None) -> tuple[str | None, bool]:
    """The variable's own name, and whether there is a default, of what a field is assigned."""
    if value is None or value.type == "ellipsis":
        return None, False
    function = value.child_by_field_name("function") if value.type == "call" else None
    if function is None or not tree.text(function).endswith(b"Field"):
        return None, True
    arguments = value.child_by_field_name("arguments")
    given = [child for child in arguments.named_children if child.type != "comment"] if arguments is not None else []
    named = {
        tree.text(each.named_children[0]): each.named_children[-1] for each in given if each.type == "keyword_argument"
    }
    plain = [each for each in given if each.type != "keyword_argument"]
    alias = next((text for key in _NAMED if key in named and (text := _literal(tree, named[key]))), None)
    first = plain[0] if plain else named.get(b"default")
    return alias, (first is not None and first.type != "ellipsis") or b"default_factory" in named


def _literal(tree: Tree, node: Node) -> str | None:
    if node.type != "string":
        return None
    return b"".join(tree.text(c) for c in node.named_children if c.type == "string_content").decode("utf-8", "replace")
