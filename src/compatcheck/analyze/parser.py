"""A first opinion whether a text is Python at all: ruff's parser, kept behind this module and from overflowing."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

import ast_serialize

# Operators, calls, indexes and attributes chain up without a limit, and the parser's result is walked recursively:
# 145 bytes of stack a link. Everything else it refuses to nest more than 200 deep.
_CHAINING = b".+-*/%@|&^<>(["
_STACK_PER_LINK = 200
_LINKS_ON_ANY_STACK = 4_000
_MOST_LINKS = 5_000_000
_BOM, _INVISIBLE = "\N{ZERO WIDTH NO-BREAK SPACE}", "\N{WORD JOINER}"
_TOO_DEEP = "Source is too deeply nested"


@dataclass(frozen=True, slots=True)
class Blocker:
    """A syntax error that stops the parser: a candidate, since some are valid on some version."""

    line: int
    column: int
    message: str


class TooComplex(Exception):
    """The text is beyond what can be checked safely; `reason` says why, in words for the user."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooNested(TooComplex):
    """Only too deep for this parser: CPython takes 900 nested conditional expressions."""


@lru_cache(maxsize=1)  # anchors that matter only in refused texts ask before and after the analyzer
def blockers(code: bytes) -> tuple[Blocker, ...]:
    """The parser's errors in the order of the text; lines from 1, columns in code points from 1. Raises TooComplex."""
    links = len(code) - len(code.translate(None, _CHAINING))
    if links > _MOST_LINKS:
        raise TooComplex(f"{links:,} operators, brackets and dots: more than can be checked safely")
    text = code.decode("utf-8", "replace")
    if text.startswith(_BOM):  # a second one, which the parser would pass over as if it were the first
        text = _INVISIBLE + text[1:]
    if links <= _LINKS_ON_ANY_STACK:
        return _parsed(text)
    return _with_stack(text, links * _STACK_PER_LINK)


def is_refused(code: bytes) -> bool:
    """Whether the parser finds an error in the text, or cannot say."""
    try:
        return bool(blockers(code))
    except TooComplex:
        return True


def is_too_nested(code: bytes) -> bool:
    """Whether the text is nested deeper than this parser reads."""
    try:
        blockers(code)
    except TooNested:
        return True
    except TooComplex:
        return False
    return False


def _parsed(text: str) -> tuple[Blocker, ...]:
    errors = ast_serialize.parse("source.py", text)[1]
    if not errors:
        return ()
    found = {Blocker(error["line"], error["column"], error["message"]) for error in errors if error.get("blocker")}
    if any(blocker.message == _TOO_DEEP for blocker in found):
        raise TooNested("brackets, blocks or operators are nested more than 200 deep")
    return tuple(sorted(found, key=lambda blocker: (blocker.line, blocker.column)))


def _with_stack(text: str, size: int) -> tuple[Blocker, ...]:
    """Parses in a thread of its own with at least so many bytes of stack; only what is used of them costs memory."""
    answers: list[tuple[Blocker, ...] | TooComplex] = []
    thread = threading.Thread(target=_answer, args=(text, answers), daemon=True)
    before = threading.stack_size(max(1 << 20, size + 4095 & ~4095))
    try:
        thread.start()
    except RuntimeError as error:  # no room for such a stack
        raise TooComplex("too many operators, brackets and dots for this machine's memory") from error
    finally:
        threading.stack_size(before)
    thread.join()
    answer = answers[0]
    if isinstance(answer, TooComplex):
        raise answer
    return answer


def _answer(text: str, answers: list[tuple[Blocker, ...] | TooComplex]) -> None:
    try:
        answers.append(_parsed(text))
    except TooComplex as trouble:
        answers.append(trouble)
