"""Why a use is a finding: what its name means, and what narrowed, or did not narrow, the runtimes that get there."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from compatcheck.analyze.names.scopes import Scopes
from compatcheck.analyze.names.use import Use
from compatcheck.analyze.reach.climb import Reach
from compatcheck.analyze.tree import Tree
from compatcheck.model.runtimes import Runtimes, RuntimeSet

_LONGEST = 70
_MOST = 6
_IMPORTS = ("import", "from")


class Evidence:
    """Says it for the uses of one tree, in lines for people."""

    def __init__(self, tree: Tree, scopes: Scopes, reach: Reach, runtimes: Runtimes, scope: RuntimeSet) -> None:
        self._tree = tree
        self._scopes = scopes
        self._reach = reach
        self._runtimes = runtimes
        self._scope = scope

    def of(self, use: Use) -> tuple[str, ...]:
        """The chain: meaning first, then every guard on the way, the innermost first."""
        guards = list(self._guards(use.node))[:_MOST]
        return (*self._meaning(use), *(guards or ["no version guard around it"]))

    def _meaning(self, use: Use) -> Iterator[str]:
        parent = use.node.parent
        receiver = parent.child_by_field_name("object") if parent is not None and parent.type == "attribute" else None
        if receiver is not None and use.meaning.instance and use.meaning.symbol:
            yield f"`{self._shown(receiver)}` is taken for a `{use.meaning.symbol}`"
        first = receiver if receiver is not None else use.node
        while first.type == "attribute" and (inner := first.child_by_field_name("object")) is not None:
            first = inner
        if first.type != "identifier":
            return
        for binding in self._scopes.lookup(self._tree.text(first), first).bindings[:2]:
            if binding.node.id != first.id and (binding.kind in _IMPORTS or use.meaning.instance):
                line = binding.node.start_point.row + 1
                yield f"line {line}: `{self._shown(binding.owner)}` gives `{self._shown(first)}`"

    def _guards(self, node: Node) -> Iterator[str]:
        child, parent = node, node.parent
        while parent is not None:
            here, outside = self._reach.at(child), self._reach.at(parent)
            if here != outside:
                cause = self._cause(parent, child)
                phrase = self._runtimes.phrase(here & self._scope) or "nothing"
                yield f"line {cause.start_point.row + 1}: `{self._head(cause)}` lets {phrase} get here"
            child, parent = parent, parent.parent

    def _cause(self, parent: Node, child: Node) -> Node:
        """The statement before, or the construct around, that narrows."""
        if parent.type in ("block", "module"):
            for statement in reversed(parent.named_children):
                if statement.end_byte <= child.start_byte and self._reach.at(statement) - self._reach.at(child):
                    return statement
        return parent

    def _head(self, node: Node) -> str:
        body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
        end = body.start_byte if body is not None and body.start_byte > node.start_byte else node.end_byte
        return self._cut(self._tree.code[node.start_byte : end])

    def _shown(self, node: Node) -> str:
        return self._cut(self._tree.text(node))

    def _cut(self, code: bytes) -> str:
        line = " ".join(code.decode("utf-8", "replace").split("\n", 1)[0].split())
        return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
