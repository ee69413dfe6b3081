"""Guards that people declare: `# compatcheck: reachable(>=3.11)`, and decorators that the settings name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tree_sitter import Node

from compatcheck.analyze.tree import Tree
from compatcheck.model.problems import Comment
from compatcheck.model.runtimes import Runtimes, RuntimeSet, UnknownTarget

_DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})


@dataclass(frozen=True, slots=True)
class Declared:
    """`ranges` are (first byte, end, runtimes that get there); `decorators` by their dotted names."""

    ranges: tuple[tuple[int, int, RuntimeSet], ...] = ()
    decorators: Mapping[str, RuntimeSet] = field(default_factory=dict)

    def at(self, node: Node) -> RuntimeSet:
        """What the comments around the node let through."""
        left = _EVERYTHING
        for start, end, runtimes in self.ranges:
            if start <= node.start_byte < end:
                left &= runtimes
        return left


_EVERYTHING = RuntimeSet((1 << 64) - 1)
NOTHING_DECLARED = Declared()


def declared_in(
    tree: Tree, comments: Iterable[Comment], runtimes: Runtimes, decorators: Mapping[str, RuntimeSet]
) -> Declared:
    """What a text's comments and the settings declare; what is no target is reported elsewhere."""
    ranges = []
    for comment in comments:
        if comment.action == "reachable":
            try:
                given = runtimes.parse(comment.names[0]).runtimes
            except UnknownTarget:
                continue
            ranges.append((*_range(tree, comment), given))
    return Declared(tuple(ranges), decorators)


def _range(tree: Tree, comment: Comment) -> tuple[int, int]:
    """The bytes for which a comment speaks: its line or statement, all of a definition whose head that is, or, at the
    top of a file and apart from what follows, the module.
    """
    starts = [0]
    for line in tree.code.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    first, last = comment.lines
    if _heads_module(tree, comment, starts):
        return 0, len(tree.code) + 1
    start, end = starts[first - 1], starts[min(last, len(starts) - 1)]
    begin = start + len(tree.code[start:end]) - len(tree.code[start:end].lstrip())
    node: Node | None = tree.node_at(begin)
    while node is not None and node.parent is not None and node.start_point.row >= first - 1:
        if node.type in _DEFINITIONS:
            return node.start_byte, node.end_byte
        node = node.parent
    return start, end


def _heads_module(tree: Tree, comment: Comment, starts: list[int]) -> bool:
    line = comment.span.line
    before = tree.code[: starts[line - 1]].split(b"\n")
    after = tree.code[starts[line] : starts[min(line + 1, len(starts) - 1)]].strip()
    alone = all(not text.strip() or text.lstrip().startswith(b"#") for text in before)
    own_line = tree.code[starts[line - 1] : starts[line]].lstrip().startswith(b"#")
    return own_line and alone and (not after or after.startswith((b'"""', b"'''", b'r"""')))
