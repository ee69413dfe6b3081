"""Programs inside programs: parsers' tests carry their cases as strings and doctests, most of them wrong on purpose."""

from __future__ import annotations

import ast
import doctest
import re
import textwrap
import warnings
from collections.abc import Iterable, Iterator

from tools.judge.corpus import Entry
from tools.judge.memory import digest

LONGEST = 4_000
# A word or a sentence is no program worth asking about.
WORTH = re.compile(r"[()\[\]{}=:*'\"\\`@;!<>]|\b(?:async|await|yield|import|lambda|return|print|del|global|nonlocal)\b")


def programs(entries: Iterable[Entry]) -> list[Entry]:
    """Every string and doctest of these files as a source of its own, each once; of files that this Python can read."""
    found: dict[bytes, Entry] = {}
    for entry in entries:
        for line, text in _texts(entry.data):
            if len(text) <= LONGEST and WORTH.search(text):
                data = text.encode("utf-8", "surrogatepass")
                found.setdefault(digest(data), Entry(f"{entry.label}:{line}", data))
    return list(found.values())


def _texts(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, textwrap.dedent(node.value)
            yield from _doctests(node.value, node.lineno)
        elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
            yield node.lineno, node.value.decode("utf-8", "replace")


def _doctests(text: str, line: int) -> Iterator[tuple[int, str]]:
    if ">>>" not in text:
        return
    try:
        for example in doctest.DocTestParser().get_examples(text):
            yield line + example.lineno, example.source
    except ValueError:  # prompts that are no doctest
        return
