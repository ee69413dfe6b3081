"""Who calls a function, where all callers can be seen: private names and functions inside functions."""

from __future__ import annotations

from tree_sitter import Node

from compatcheck.analyze.tree import Tree, enclosing
from compatcheck.analyze.words import offsets

_MOST = 40


class Callers:
    """Finds the calls of functions of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._known: dict[bytes, tuple[Node, ...]] = {}

    def of(self, function: Node) -> tuple[Node, ...]:
        """All calls of the function; none when somebody else may call it, too."""
        mentions = self.mentions(function)
        return mentions if all(mention.type == "call" for mention in mentions) else ()

    def mentions(self, function: Node) -> tuple[Node, ...]:
        """All calls of the function, and names of it that are passed on: it runs where one of them is reached."""
        name = function.child_by_field_name("name")
        if function.type != "function_definition" or name is None:
            return ()
        word = self._tree.text(name)
        if not self._is_hidden(function, word):
            return ()
        if word not in self._known:
            self._known[word] = self._mentions(word)
        return self._known[word]

    def _is_hidden(self, function: Node, name: bytes) -> bool:
        if function.parent is None or function.parent.type == "decorated_definition":
            return False
        around = enclosing(function, "function_definition", "class_definition", "lambda")
        if around is not None and around.type == "function_definition":
            return True
        if not name.startswith(b"_") or name.endswith(b"__"):
            return False
        # A base class of somebody else may call what its subclasses define.
        return around is None or not _has_bases(around, self._tree)

    def _mentions(self, name: bytes) -> tuple[Node, ...]:
        found: list[Node] = []
        for at in offsets(self._tree.code, name):
            node = self._tree.node_at(at, at + len(name))
            if node.type == "comment" or (node.type == "string_content" and self._tree.text(node) != name):
                continue
            if node.type != "identifier" or node.parent is None or len(found) > _MOST:
                return ()
            parent = node.parent
            if parent.type == "function_definition" and parent.child_by_field_name("name") == node:
                continue
            called = parent if parent.type == "attribute" and parent.child_by_field_name("attribute") == node else node
            call = called.parent
            if call is not None and call.type == "call" and call.child_by_field_name("function") == called:
                found.append(call)
            elif call is not None and call.type in ("argument_list", "keyword_argument"):
                found.append(called)
            else:
                return ()
        return tuple(found)


def _has_bases(definition: Node, tree: Tree) -> bool:
    bases = definition.child_by_field_name("superclasses")
    return bases is not None and any(tree.text(base) != b"object" for base in bases.named_children)
