"""Parser errors in words that help: what the commonest ones come from, and where that stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from compatcheck.analyze.parser import Blocker
from compatcheck.analyze.places import Places
from compatcheck.analyze.scans.tokens import CLOSERS, OPENERS, tokens

_CONFLICT = re.compile(r"(?:<{7}|={7}|>{7})(?:[ \t].*)?")
_TEMPLATE = re.compile(r"\{%.{0,200}?%\}|\{\{.{0,200}?\}\}|\{#.{0,200}?#\}|<%.{0,200}?%>|\$\{\w+\}")
_PAIRS = {b"(": b")", b"[": b"]", b"{": b"}"}
_LARGE = 2_000_000


def worded(code: bytes, error: Blocker, places: Places) -> Blocker:
    """The error as people need it: message without the parser's jargon, and the place of its cause."""
    for cause in _CAUSES:
        if found := cause(code, error, places):
            return found
    message = _MESSAGES.get(error.message) or error.message[0].lower() + error.message[1:]
    return Blocker(error.line, error.column, message)


def _conflict(_: bytes, error: Blocker, places: Places) -> Blocker | None:
    """A conflict marker where the parser stops, or in the line before."""
    for line in (error.line, error.line - 1):
        if _CONFLICT.fullmatch(places.line(line)):
            return Blocker(line, 1, "merge-conflict marker")
    return None


def _template(_: bytes, error: Blocker, places: Places) -> Blocker | None:
    match = _TEMPLATE.search(places.line(error.line))
    if match is None:
        return None
    return Blocker(error.line, match.start() + 1, f"a template, not Python: `{match[0]}`")


def _bracket(code: bytes, error: Blocker, places: Places) -> Blocker | None:
    """A bracket that is never closed, or closed by another kind, when the parser stops behind it."""
    if len(code) > _LARGE or error.message.startswith(("missing closing quote", "Unexpected indent")):
        return None
    found = _unbalanced(code, places.offset(error.line, error.column))
    if found is None:
        return None
    at, message = found
    line, column = places.position(at)
    return Blocker(line, column, message) if line <= error.line else None


def _unbalanced(code: bytes, stop: int) -> tuple[int, str] | None:
    open_brackets: list[tuple[bytes, int]] = []
    for token, at in tokens(code, 0):
        if token in OPENERS:
            open_brackets.append((token, at))
        elif token in CLOSERS:
            if not open_brackets:
                return at, f"`{token.decode()}` closes nothing"
            opener, _ = open_brackets.pop()
            if _PAIRS[opener] != token:
                return at, f"`{token.decode()}` does not close `{opener.decode()}`"
        elif at > stop and not open_brackets:
            return None
    if not open_brackets:
        return None
    opener, at = open_brackets[-1]
    return at, f"`{opener.decode()}` is never closed"


def _character(_: bytes, error: Blocker, places: Places) -> Blocker | None:
    """A character that no code can contain, named where one cannot see it."""
    if not error.message.startswith("Got unexpected token"):
        return None
    found = places.line(error.line)[error.column - 1 : error.column]
    if found.isascii() and found.isprintable():
        return Blocker(error.line, error.column, f"`{found}` means nothing in Python")
    name = f"U+{ord(found):04X} {unicodedata.name(found, '')}".rstrip() if found else "a character"
    return Blocker(error.line, error.column, f"{name} cannot stand in code")


def _clause(_: bytes, error: Blocker, places: Places) -> Blocker | None:
    """`else:` and its like, where nothing that they belong to stands before."""
    word = _WORD.match(places.line(error.line)[error.column - 1 :])
    if error.message != "Expected a statement" or word is None or word[0] not in _CLAUSES:
        return None
    return Blocker(error.line, error.column, f"`{word[0]}` belongs to no statement before it")


_CAUSES: tuple[Callable[[bytes, Blocker, Places], Blocker | None], ...] = (
    _conflict,
    _template,
    _bracket,
    _character,
    _clause,
)
_CLAUSES = frozenset({"else", "elif", "except", "finally"})
_WORD = re.compile(r"[a-z]+")
_MESSAGES = {
    "Expected `:`, found `=`": "`=` cannot stand in a condition; `==` compares",
    "Expected `:`, found newline": "`:` is missing at the end of the line",
    "Expected a newline after line continuation character": "a backslash must be the last character of its line",
    "Expected a statement": "no statement starts like this",
    "Expected an expression": "an expression is missing here",
    "Invalid assignment target": "no value can be assigned to this",
    "Invalid delete target": "this cannot be deleted",
    "Simple statements must be separated by newlines or semicolons": "an operator or the line's end is missing here",
    "Unexpected indentation": "unexpected indentation",
    "missing closing quote in string literal": "the string is never closed",
    "unexpected EOF while parsing": "the file ends in the middle of a statement",
    "unindent does not match any outer indentation level": "the indentation matches no line above",
}
