"""JSON to values and places. The standard library says whether it is JSON; the places come from its tokens."""

from __future__ import annotations

import json
import re

from compatcheck.configs import limits
from compatcheck.configs.builder import Builder, Flaw, Stop
from compatcheck.configs.document import Node

_WORD = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def read_json(text: str) -> Builder:
    """The builder after the whole text, or after what ended the reading, which is the last of its flaws."""
    builder = Builder()
    try:
        _read(text, builder)
    except Stop as stop:
        builder.flaws.append(stop.flaw)
    except json.JSONDecodeError as error:
        flaw = Flaw("unparsable-config", error.pos, error.pos + 1, {"problem": error.msg[:1].lower() + error.msg[1:]})
        builder.flaws.append(flaw)
    return builder


def _read(text: str, builder: Builder) -> None:
    _check_size(text)
    json.loads(text, parse_int=_integer, parse_constant=str)
    for found in _WORD.finditer(text):
        word, start, end = found[0], found.start(), found.end()
        if word in "{[":
            builder.open({} if word == "{" else [], start)
        elif word in "}]":
            builder.close(end)
        elif word not in ",:":
            _scalar(word, start, end, builder)


def _scalar(word: str, start: int, end: int, builder: Builder) -> None:
    value = json.loads(word, parse_int=_integer)
    if word in ("NaN", "Infinity", "-Infinity"):
        words = {"problem": f"`{word}` is no JSON"}
        builder.flaws.append(Flaw("unparsable-config", start, end, words))
    elif word[0] != '"' and len(word) > limits.DIGITS:
        words = {"what": f"a number of {len(word):,} digits"}
        builder.flaws.append(Flaw("oversized-config", start, end, words))
    builder.scalar(value, str(value), Node(start, end))


def _integer(digits: str) -> int:
    return int(digits) if len(digits) <= limits.DIGITS else 0


def _check_size(text: str) -> None:
    """Raises Stop for what would cost the parser too much."""
    depth = count = 0
    for found in _WORD.finditer(text):
        word = found[0]
        depth += (word in "[{") - (word in "]}")
        count += word not in ",:]}"
        if depth > limits.DEPTH or count > limits.NODES:
            deep = f"values nested more than {limits.DEPTH} deep"
            what = deep if depth > limits.DEPTH else f"more than {limits.NODES:,} values"
            raise Stop(Flaw("oversized-config", found.start(), found.end(), {"what": what}))
