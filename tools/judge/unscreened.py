"""The screen's judge: the rules' checks at every token of their kind, instead of where the anchors find a place.

Of which kind a rule's tokens are is learned from its examples: `with` for one, names for another.
"""

from __future__ import annotations

import functools
import json
import re
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from tools.judge import worker
from tools.judge.compare import AT_ONCE, PROCESSES, batches
from tools.judge.corpus import Entry
from tools.judge.inputs import rule_examples
from tools.judge.process import Worker

if TYPE_CHECKING:  # what breaks compatcheck must not break its judge: imported late, in the worker
    from tree_sitter import Node

    from compatcheck.analyze.screen import Screen
    from compatcheck.analyze.tree import Tree
    from compatcheck.model.rules import SyntaxRule

Key = tuple[str, str, int, int]
# Words that are rules' tokens though the tree takes them for names.
WORDS = frozenset(b"print exec lazy match case type async await nonlocal __debug__ __future__ barry_as_FLUFL".split())
BACKSLASH = 0x5C
ANSWER_SECONDS = 300.0  # checks at every token, where the screen has them at a few
_ESCAPE = re.compile(rb"\\.?", re.DOTALL)


def complaints(entries: Sequence[Entry]) -> Iterator[tuple[int, list[str]]]:
    """How many sources were compared so far, and a line for each thing lost in the last of them."""
    workers = [Worker([sys.executable, "-m", "tools.judge.unscreened"], ANSWER_SECONDS) for _ in range(PROCESSES)]
    done = 0
    with ThreadPoolExecutor(PROCESSES) as pool:
        for batch in batches(entries, AT_ONCE):
            parts = [batch[first::PROCESSES] for first in range(PROCESSES)]
            said = list(pool.map(lambda worker, part: worker.ask([entry.data for entry in part]), workers, parts))
            done += len(batch)
            yield done, [line for part, answers in zip(parts, said, strict=True) for line in _told(part, answers)]
    for one in workers:
        one.close()


def _told(part: Sequence[Entry], answers: Sequence[str | None]) -> Iterator[str]:
    for entry, text in zip(part, answers, strict=True):
        answer: dict[str, Any] = json.loads(text) if text else {"failure": f"no answer in {ANSWER_SECONDS:.0f} s"}
        if "failure" in answer:
            yield f"{entry.label}: {answer['failure'].splitlines()[-1]}"
        for rule, variant, line in answer.get("lost", ()):
            yield f"{entry.label}:{line}: {rule}, {variant}"


def compared(data: bytes) -> dict[str, object]:
    """The hits that the anchors lose, as rule, variant and line; or how the comparison broke."""
    try:
        return {"lost": lost(data)}
    except Exception:  # whatever it is, it is what this tool looks for
        return {"failure": traceback.format_exc(limit=-3)}


def lost(data: bytes) -> list[tuple[str, str, int]]:
    """Rule, variant and line of what the checks find in a source where no anchor leads to."""
    from compatcheck.analyze.decode import Undecodable, decode
    from compatcheck.analyze.parser import TooComplex
    from compatcheck.analyze.tree import Tree

    text = decode(data)
    if isinstance(text, Undecodable):
        return []
    tree = Tree(text.code)
    try:
        found = {key for offset, rule in _screen().places(tree.code) for key in _hits(tree, rule, offset)}
        wanted = _rules_by_kind()
        every = {
            key for kind, offset in tokens(tree) for rule in wanted.get(kind, ()) for key in _hits(tree, rule, offset)
        }
    except TooComplex:
        return []
    told = {_with_literal(tree, key) for key in found}
    missing = sorted((key for key in every - found if _with_literal(tree, key) not in told), key=lambda key: key[2])
    return [(rule, variant, tree.code.count(b"\n", 0, start) + 1) for rule, variant, start, _ in missing]


def _with_literal(tree: Tree, key: Key) -> tuple[str, str, int]:
    """The hit with the literal that it stands in: an escape is told of once a literal."""
    from compatcheck.analyze.tree import ancestors

    node = tree.node_at(key[2])
    literal = next((one for one in (node, *ancestors(node)) if one.type == "string"), node)
    return key[0], key[1], literal.start_byte


def tokens(tree: Tree) -> Iterator[tuple[str, int]]:
    """The kinds and places of all tokens, and of all backslashes in them."""
    for leaf in _leaves(tree.root):
        yield kind_at(tree, leaf.start_byte), leaf.start_byte
    for match in _ESCAPE.finditer(tree.code):
        yield "\\", match.start()


def kind_at(tree: Tree, offset: int) -> str:
    """What stands there: a word or sign, or the tree's name for its like; `inside …` where no token begins."""
    if tree.code[offset] == BACKSLASH:
        return "\\"
    node = tree.node_at(offset)
    if node.start_byte != offset or node.child_count:
        return f"inside {node.type}"
    text = node.text or b""
    return text.decode("ascii") if text in WORDS else node.type


def _leaves(root: Node) -> Iterator[Node]:
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and not node.child_count and node.end_byte > node.start_byte:
            yield node
        if cursor.goto_first_child() or cursor.goto_next_sibling():
            continue
        while cursor.goto_parent():
            if cursor.goto_next_sibling():
                break
        else:
            return


def _hits(tree: Tree, rule: SyntaxRule, offset: int) -> Iterator[Key]:
    from compatcheck.analyze.syntax.place import Place
    from compatcheck.analyze.syntax.runner import check_named

    for hit in check_named(rule.check)(Place(offset, tree)):
        yield rule.id, hit.variant, hit.start, hit.end


@functools.cache
def _rules_by_kind() -> Mapping[str, list[SyntaxRule]]:
    from compatcheck.analyze.decode import Text, decode
    from compatcheck.analyze.tree import Tree

    found: dict[str, list[SyntaxRule]] = defaultdict(list)
    for example in rule_examples():
        text = decode(example)
        if isinstance(text, Text):
            tree = Tree(text.code)
            for offset, rule in _screen().places(tree.code):
                kind = kind_at(tree, offset)
                if rule not in found[kind] and any(_hits(tree, rule, offset)):
                    found[kind].append(rule)
    return found


@functools.cache
def _screen() -> Screen:
    """All anchors of all rules, whatever the targets."""
    from compatcheck.analyze.screen import screen_for
    from compatcheck.rulebook import load_rulebook

    rulebook = load_rulebook()
    return screen_for(rulebook, rulebook.runtimes.everything)


if __name__ == "__main__":
    worker.serve(lambda data: json.dumps(compared(data)))
